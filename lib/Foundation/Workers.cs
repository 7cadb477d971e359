using System.Runtime.ExceptionServices;

namespace DeviceId.Foundation;

/// <summary>Work that is shared out among threads.</summary>
internal static class Workers
{
    /// <summary>Calls <paramref name="work"/> with 0 to <paramref name="count"/> - 1, several at once, and ends when all is done.</summary>
    /// <remarks>
    /// Never more at once than were asked for: unbounded, a thread that waits for a file or a program makes room for the next, dozens at last. What goes wrong comes out
    /// as itself, so that whoever knows what to say of it can catch it; where several go wrong, the first.
    /// </remarks>
    /// <param name="count">How many calls.</param>
    /// <param name="work">One of them.</param>
    /// <param name="threads">At most so many at once; 0 for the machine's cores.</param>
    /// <param name="cancellationToken">Asked before each.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Share(int count, Action<int> work, int threads = 0, CancellationToken cancellationToken = default)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellationToken }, work);
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }
}

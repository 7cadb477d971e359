using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Work that is shared out among threads.</summary>
/// <remarks>
/// The helpers are threads of our own: those of .NET's pool often came only when a piece of work of some milliseconds was done (measured on two cores: after a pause of
/// 0.2 to 2 ms between two pieces, a quarter to three quarters of them were done by the caller alone; a waiting thread of one's own is there after 0.01 to 0.06 ms).
/// </remarks>
internal static class Workers
{
    [ThreadStatic]
    private static int? t_threads;

    /// <summary>Threads among which the calling thread's work is shared out where it is the kind that libtorch would share out: as many as libtorch has, unless <see cref="SingleThread"/> has left them more.</summary>
    public static int Threads => t_threads ?? get_num_threads();

    /// <summary>Sets <see cref="Threads"/> for the calling thread; null for as many as libtorch has.</summary>
    /// <returns>What was set before.</returns>
    internal static int? Hold(int? threads)
    {
        var before = t_threads;
        t_threads = threads;
        return before;
    }

    /// <summary>Calls <paramref name="work"/> with 0 to <paramref name="count"/> - 1, several at once, the caller's thread among them, and ends when all is done.</summary>
    /// <remarks>
    /// Never more at once than were asked for. It ends when all that was begun is done even where the calling thread is interrupted or aborted. What goes wrong comes out as itself, so that whoever knows what to say of it can catch it; where several go wrong, the first.
    /// </remarks>
    /// <param name="count">How many calls.</param>
    /// <param name="work">One of them.</param>
    /// <param name="threads">At most so many at once; 0 for the machine's cores.</param>
    /// <param name="cancellationToken">Asked before each.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Share(int count, Action<int> work, int threads = 0, CancellationToken cancellationToken = default)
    {
        var shares = Math.Clamp(threads > 0 ? threads : Environment.ProcessorCount, 1, Math.Max(1, count));
        var shared = new SharedWork(count, shares, work, cancellationToken);
        var helpers = new Helper?[shares - 1];
        try
        {
            for (var i = 0; i < helpers.Length; i++)
                helpers[i] = Helper.Call(shared, i + 1);
            shared.Run(0);
        }
        finally
        {
            // Also where the caller is broken off, as a notebook's cells are: what helpers still work with must not be freed under them.
            shared.Stop();
            foreach (var helper in helpers)
                helper?.Dismiss(shared);
        }

        shared.ThrowIfFailed();
    }

    /// <summary>The same with pieces of <paramref name="length"/> out of <paramref name="count"/>, the last one shorter.</summary>
    /// <param name="count">Numbers, rows, units in all.</param>
    /// <param name="length">How many make a piece.</param>
    /// <param name="work">Is given the first of a piece and how many it has.</param>
    /// <param name="threads">At most so many at once.</param>
    public static void SharePieces(int count, int length, Action<int, int> work, int threads) =>
        Share((count + length - 1) / length, piece => work(piece * length, Math.Min(length, count - (piece * length))), threads);
}

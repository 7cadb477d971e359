using System.Runtime.ExceptionServices;

namespace DeviceId.Foundation;

/// <summary>
/// A parallel loop of <see cref="ParallelLoops"/>: each thread starts with a contiguous share, then steals from the others.
/// </summary>
/// <remarks>
/// Neighbouring indices work on neighbouring memory, and a thread mostly meets the same indices again in the next loop: they stay in its
/// core's cache. When threads took indices one by one, neighbours wandered between the cores.
/// </remarks>
/// <param name="count">Number of calls.</param>
/// <param name="shares">Max number of threads.</param>
/// <param name="work">Called with each index.</param>
/// <param name="cancellationToken">Checked before each call.</param>
internal sealed class ParallelLoop(int count, int shares, Action<int> work, CancellationToken cancellationToken)
{
    /// <summary>Integers of a cache line: each counter, and the array's length, has a line of its own, against false sharing.</summary>
    private const int Line = 16;

    // The caller's execution context (culture, a test's output) flows to the workers.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    // Calls started in each share.
    private readonly int[] _begun = new int[(shares + 1) * Line];
    private Exception? _error;

    /// <summary>Makes calls until none is left, or one has failed.</summary>
    /// <param name="share">The share to start with.</param>
    public void Run(int share)
    {
        try
        {
            for (var others = 0; others < shares; others++, share = (share + 1) % shares)
            {
                var (first, end) = (Bound(share), Bound(share + 1));
                for (var i = first + Begin(share); i < end; i = first + Begin(share))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    work(i);
                }
            }
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _error, error, null);
            Stop();
        }
    }

    /// <summary><see cref="Run"/> with the caller's execution context, on a worker thread.</summary>
    public void RunAsCaller(int share)
    {
        if (_context is null)
            Run(share);
        else
            ExecutionContext.Run(_context, _ => Run(share), null);
    }

    /// <summary>No further call is started.</summary>
    public void Stop()
    {
        for (var share = 0; share < shares; share++)
            Volatile.Write(ref _begun[(share + 1) * Line], count);
    }

    /// <exception cref="Exception">The first exception of a call.</exception>
    public void ThrowIfFailed()
    {
        if (_error is not null)
            ExceptionDispatchInfo.Throw(_error);
    }

    private int Bound(int share) => (int)((long)count * share / shares);

    private int Begin(int share) => Interlocked.Increment(ref _begun[(share + 1) * Line]) - 1;
}

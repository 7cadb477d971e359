using System.Runtime.ExceptionServices;

namespace DeviceId.Foundation;

/// <summary>One parallel for: each thread starts with its own range of indices, then steals work from the other ranges.</summary>
/// <remarks>
/// Neighbouring indices use neighbouring memory, and a thread mostly gets the same indices again in the next loop, so their data stays in
/// its core's cache. When threads took indices one by one from a common counter, neighbours moved between cores.
/// </remarks>
/// <param name="count">Number of calls.</param>
/// <param name="rangeCount">Number of ranges: the maximum number of threads.</param>
/// <param name="work">Called with each index.</param>
/// <param name="cancellationToken">Checked before each call.</param>
internal sealed class ParallelLoop(int count, int rangeCount, Action<int> work, CancellationToken cancellationToken)
{
    /// <summary>Int32 values in a cache line: each counter, and the array's length, has its own line, against false sharing.</summary>
    private const int CacheLine = 16;

    // The caller's execution context (culture, a test's output) flows to the workers.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    // Calls started in each range; range r is at (r + 1) * CacheLine.
    private readonly int[] _started = new int[(rangeCount + 1) * CacheLine];
    private Exception? _error;

    /// <summary>Makes calls until no index is left or a call has failed.</summary>
    /// <param name="range">The range to start with.</param>
    public void Run(int range)
    {
        try
        {
            for (var rangesVisited = 0; rangesVisited < rangeCount; rangesVisited++, range = (range + 1) % rangeCount)
            {
                var (first, end) = (RangeStart(range), RangeStart(range + 1));
                for (var i = first + TakeNext(range); i < end; i = first + TakeNext(range))
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
    public void RunAsCaller(int range)
    {
        if (_context is null)
            Run(range);
        else
            ExecutionContext.Run(_context, _ => Run(range), null);
    }

    /// <summary>Prevents further calls from starting.</summary>
    public void Stop()
    {
        for (var range = 0; range < rangeCount; range++)
            Volatile.Write(ref _started[(range + 1) * CacheLine], count);
    }

    /// <exception cref="Exception">The first exception of a call.</exception>
    public void ThrowIfFailed()
    {
        if (_error is not null)
            ExceptionDispatchInfo.Throw(_error);
    }

    private int RangeStart(int range) => (int)((long)count * range / rangeCount);

    private int TakeNext(int range) => Interlocked.Increment(ref _started[(range + 1) * CacheLine]) - 1;
}

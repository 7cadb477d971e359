using System.Runtime.ExceptionServices;

namespace DeviceId.Foundation;

/// <summary>Numbered calls that threads take one after the other: <see cref="Workers"/>.</summary>
/// <param name="count">How many.</param>
/// <param name="work">One of them.</param>
/// <param name="cancellationToken">Asked before each.</param>
internal sealed class SharedWork(int count, Action<int> work, CancellationToken cancellationToken)
{
    // What flows with a call (culture, a test's output) flows to the helpers too.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private int _taken;
    private Exception? _error;

    /// <summary>Takes calls until none is left, or one of them has gone wrong.</summary>
    public void Run()
    {
        try
        {
            for (var i = Take(); i < count; i = Take())
            {
                cancellationToken.ThrowIfCancellationRequested();
                work(i);
            }
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _error, error, null);
            Stop();
        }
    }

    /// <summary><see cref="Run"/> in another thread.</summary>
    public void RunAsCaller()
    {
        if (_context is null)
            Run();
        else
            ExecutionContext.Run(_context, static work => ((SharedWork)work!).Run(), this);
    }

    /// <summary>What has not been begun will not be begun.</summary>
    public void Stop() => Volatile.Write(ref _taken, count);

    /// <exception cref="Exception">The first that came out of a call.</exception>
    public void ThrowIfFailed()
    {
        if (_error is not null)
            ExceptionDispatchInfo.Throw(_error);
    }

    private int Take() => Interlocked.Increment(ref _taken) - 1;
}

using System.Runtime.ExceptionServices;

namespace DeviceId.Foundation;

/// <summary>Numbered calls that threads make: <see cref="Workers"/>. Each begins with a share of its own, neighbours all of them, and then helps the others.</summary>
/// <remarks>
/// Numbers that belong together lie together, and what a thread works with in one piece of work it mostly meets again in the next: they stay in its core's cache. Taken
/// one by one by whoever was free, neighbours wandered between the cores.
/// </remarks>
/// <param name="count">How many.</param>
/// <param name="shares">How many threads there may be.</param>
/// <param name="work">One of them.</param>
/// <param name="cancellationToken">Asked before each.</param>
internal sealed class SharedWork(int count, int shares, Action<int> work, CancellationToken cancellationToken)
{
    /// <summary>Numbers of a cache line: each counter has one for itself, and so has the array's length, which all of them read.</summary>
    private const int Line = 16;

    // What flows with a call (culture, a test's output) flows to the helpers too.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    // Of each share, how many calls have been begun.
    private readonly int[] _begun = new int[(shares + 1) * Line];
    private Exception? _error;

    /// <summary>Makes calls until none is left, or one of them has gone wrong.</summary>
    /// <param name="share">The one to begin with.</param>
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

    /// <summary><see cref="Run"/> in another thread.</summary>
    public void RunAsCaller(int share)
    {
        if (_context is null)
            Run(share);
        else
            ExecutionContext.Run(_context, _ => Run(share), null);
    }

    /// <summary>What has not been begun will not be begun.</summary>
    public void Stop()
    {
        for (var share = 0; share < shares; share++)
            Volatile.Write(ref _begun[(share + 1) * Line], count);
    }

    /// <exception cref="Exception">The first that came out of a call.</exception>
    public void ThrowIfFailed()
    {
        if (_error is not null)
            ExceptionDispatchInfo.Throw(_error);
    }

    private int Bound(int share) => (int)((long)count * share / shares);

    private int Begin(int share) => Interlocked.Increment(ref _begun[(share + 1) * Line]) - 1;
}

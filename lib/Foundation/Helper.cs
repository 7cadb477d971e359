using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace DeviceId.Foundation;

/// <summary>A thread that waits to take part in work: <see cref="Workers"/>. There come to be as many as were ever called at once; they wait for the end of the process.</summary>
internal sealed class Helper
{
    // The one that worked last comes first: it may still wait awake.
    private static readonly ConcurrentStack<Helper> s_idle = new();

    private readonly SemaphoreSlim _called = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private SharedWork? _work;
    private int _share;

    // What flows with the call that happens to make it does not stay with the thread: each work brings its own.
    private Helper() => new Thread(Wait) { IsBackground = true, Name = "DeviceId helper" }.UnsafeStart();

    /// <summary>Calls a helper to some work, of which it begins with a share.</summary>
    public static Helper Call(SharedWork work, int share)
    {
        var helper = s_idle.TryPop(out var idle) ? idle : new Helper();
        helper._share = share;
        Volatile.Write(ref helper._work, work);
        helper._called.Release();
        return helper;
    }

    /// <summary>Waits until the helper has done its part of the work it was called to; what it has not begun, it will not begin. An interruption comes after that.</summary>
    public void Dismiss(SharedWork work)
    {
        if (Interlocked.CompareExchange(ref _work, null, work) != work)
            WaitUntilDone();
        s_idle.Push(this);
    }

    private void WaitUntilDone()
    {
        var interrupted = false;
        while (true)
        {
            try
            {
                _done.Wait();
                break;
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }

        if (interrupted)
            Thread.CurrentThread.Interrupt();
    }

    private void Wait()
    {
        while (true)
        {
            _called.Wait();
            TakePart();
        }
    }

    // A method of its own: a thread that waits must not keep the last work, and all that it refers to, alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakePart()
    {
        if (Interlocked.Exchange(ref _work, null) is not { } work)
            return;
        work.RunAsCaller(_share);
        _done.Release();
    }
}

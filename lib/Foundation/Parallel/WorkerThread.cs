using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace DeviceId.Foundation;

/// <summary>A worker thread of <see cref="ParallelLoops"/>: as many as were ever used at once wait until the process ends.</summary>
internal sealed class WorkerThread
{
    // Last in, first out: the thread that worked last may still spin.
    private static readonly ConcurrentStack<WorkerThread> Idle = new();

    private readonly SemaphoreSlim _called = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private ParallelLoop? _work;
    private int _share;

    // Unsafe: the creating call's execution context must not stay with the thread; each work brings its own.
    private WorkerThread() => new Thread(Wait) { IsBackground = true, Name = "DeviceId helper" }.UnsafeStart();

    /// <summary>Starts a worker thread on a share of some work.</summary>
    public static WorkerThread Start(ParallelLoop work, int share)
    {
        var worker = Idle.TryPop(out var idle) ? idle : new WorkerThread();
        worker._share = share;
        Volatile.Write(ref worker._work, work);
        worker._called.Release();
        return worker;
    }

    /// <summary>Waits for the thread, or takes the work back if it has not started; an interruption comes afterwards.</summary>
    public void Dismiss(ParallelLoop work)
    {
        if (Interlocked.CompareExchange(ref _work, null, work) != work)
            WaitUntilDone();
        Idle.Push(this);
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

    // A separate method: a waiting thread must not keep the last work, and all that it refers to, alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakePart()
    {
        if (Interlocked.Exchange(ref _work, null) is not { } work)
            return;
        work.RunAsCaller(_share);
        _done.Release();
    }
}

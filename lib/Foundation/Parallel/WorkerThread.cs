using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace DeviceId.Foundation;

/// <summary>A worker thread of <see cref="ParallelLoops"/>. Idle threads wait for the next loop; none ends before the process.</summary>
internal sealed class WorkerThread
{
    // Last in, first out: the thread that worked last may still be spinning.
    private static readonly ConcurrentStack<WorkerThread> Idle = new();

    private readonly SemaphoreSlim _start = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private ParallelLoop? _loop;
    private int _range;

    // UnsafeStart: the creator's execution context must not stay with the thread; each loop brings its own.
    private WorkerThread() => new Thread(WaitForLoops) { IsBackground = true, Name = "DeviceId worker" }.UnsafeStart();

    /// <summary>Starts a worker thread on a range of a parallel loop.</summary>
    public static WorkerThread Start(ParallelLoop loop, int range)
    {
        var worker = Idle.TryPop(out var idle) ? idle : new WorkerThread();
        worker._range = range;
        Volatile.Write(ref worker._loop, loop);
        worker._start.Release();
        return worker;
    }

    /// <summary>
    /// Waits until the thread has finished, or takes the loop back if it has not started; an interruption is raised afterwards.
    /// </summary>
    public void Dismiss(ParallelLoop loop)
    {
        if (Interlocked.CompareExchange(ref _loop, null, loop) != loop)
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

    private void WaitForLoops()
    {
        while (true)
        {
            _start.Wait();
            RunLoop();
        }
    }

    // A separate method: a waiting thread must not keep the last loop, and all that it refers to, alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunLoop()
    {
        if (Interlocked.Exchange(ref _loop, null) is not { } loop)
            return;
        loop.RunAsCaller(_range);
        _done.Release();
    }
}

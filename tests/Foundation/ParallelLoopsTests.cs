using System.Collections.Concurrent;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DeviceId.Foundation;

namespace DeviceId.Tests.Foundation;

public sealed class ParallelLoopsTests
{
    [Fact]
    public void EveryIndexIsCalledOnceOnNoMoreThreadsThanRequested()
    {
        var calls = new int[200];
        var (running, maxRunning) = (0, 0);
        var threads = new ConcurrentDictionary<int, bool>();
        using var barrier = new Barrier(2);
        ParallelLoops.For(calls.Length, i =>
        {
            InterlockedMax(ref maxRunning, Interlocked.Increment(ref running));
            threads.TryAdd(Environment.CurrentManagedThreadId, true);
            // Every call waits for another one: a third thread would take calls while these two wait.
            Eventually.Meet(barrier);
            Interlocked.Increment(ref calls[i]);
            Interlocked.Decrement(ref running);
        }, threads: 2);
        Assert.All(calls, count => Assert.Equal(1, count));
        Assert.Equal((2, 2), (maxRunning, threads.Count));
    }

    [Fact]
    public void ExceptionsAreThrownUnwrapped()
    {
        var error = Assert.Throws<InvalidDataException>(() =>
            ParallelLoops.For(10, i => { if (i == 3) throw new InvalidDataException("the fourth"); }));
        Assert.Equal("the fourth", error.Message);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ParallelLoops.For(10, _ => { }, cancellationToken: stop.Token));
    }

    [Fact]
    public void AsManyThreadsAsRequestedRunAtOnce()
    {
        using var barrier = new Barrier(3);
        // Each call waits for two others: with fewer threads none would continue.
        for (var round = 0; round < 20; round++)
        {
            var threads = new Thread[3];
            ParallelLoops.For(3, i =>
            {
                threads[i] = Thread.CurrentThread;
                Eventually.Meet(barrier);
            }, threads: 3);
            Assert.Equal(3, threads.Distinct().Count());
            // Every other round finds the workers asleep, not spinning.
            if (round % 2 == 1)
                Assert.All(threads.Where(thread => thread != Thread.CurrentThread), Eventually.Blocks);
        }
    }

    [Fact]
    public void LoopsCanBeNested()
    {
        var calls = new int[5 * 7];
        ParallelLoops.For(5, i => ParallelLoops.For(7, j => Interlocked.Increment(ref calls[(i * 7) + j]), threads: 3), threads: 4);
        Assert.All(calls, count => Assert.Equal(1, count));
    }

    [Fact]
    public void ManyCallersDoNotDisturbEachOther()
    {
        var correct = 0;
        var callers = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var round = 0; round < 200; round++)
            {
                var sum = 0;
                ParallelLoops.For(10, i => Interlocked.Add(ref sum, i), threads: 3);
                Interlocked.Add(ref correct, sum == 45 ? 1 : 0);
            }
        })).ToList();
        callers.ForEach(caller => caller.Start());
        Assert.All(callers, caller => Eventually.Ends(caller, "A caller still waits for its workers."));
        Assert.Equal(8 * 200, correct);
    }

    [Fact]
    public void TheExecutionContextFlowsToTheWorkers()
    {
        var local = new AsyncLocal<string> { Value = "the caller's" };
        using var barrier = new Barrier(2);
        var seen = new string?[2];
        ParallelLoops.For(2, i =>
        {
            Eventually.Meet(barrier);
            seen[i] = local.Value;
        }, threads: 2);
        Assert.All(seen, value => Assert.Equal("the caller's", value));
    }

    [Fact]
    public void IdleWorkersDoNotKeepTheirLastLoopAlive()
    {
        var captured = RunLoop();
        // The worker may not yet have returned from the loop to its wait.
        Eventually.IsTrue(
            () =>
            {
                GC.Collect();
                return !captured.IsAlive;
            },
            "the last loop of an idle worker is collected");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference RunLoop()
        {
            var large = new byte[1000];
            using var barrier = new Barrier(2);
            ParallelLoops.For(2, i =>
            {
                Eventually.Meet(barrier);
                large[i] = 1;
            }, threads: 2);
            return new WeakReference(large);
        }
    }

    [Fact]
    public void AfterAnErrorNoCallIsStartedAndTheWorkersRunTheNextLoop()
    {
        var started = 0;
        Assert.Throws<InvalidDataException>(() => ParallelLoops.For(1000, i =>
        {
            Interlocked.Increment(ref started);
            throw new InvalidDataException("at once");
        }, threads: 2));
        Assert.InRange(started, 1, 2);
        var sum = 0;
        ParallelLoops.For(10, i => Interlocked.Add(ref sum, i), threads: 2);
        Assert.Equal(45, sum);
        ParallelLoops.For(0, _ => sum = -1, threads: 2);
        Assert.Equal(45, sum);
    }

    [Fact]
    public void AnInterruptedCallerStillWaitsForItsWorkers()
    {
        using var arrived = new ManualResetEventSlim();
        Thread? interrupted = null;
        void Note(object? sender, FirstChanceExceptionEventArgs thrown)
        {
            if (thrown.Exception is ThreadInterruptedException && Thread.CurrentThread == interrupted)
                arrived.Set();
        }

        AppDomain.CurrentDomain.FirstChanceException += Note;
        try
        {
            var result = RunAndAbort(arrived, caller =>
            {
                // The caller has finished its own call and waits for the worker.
                Eventually.Blocks(caller);
                interrupted = caller;
                caller.Interrupt();
            }, run => run());
            Assert.False(result.Early, "The caller returned while a worker was still running.");
            Assert.True(result.Interrupted, "The interruption was lost.");
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Note;
        }
    }

    [Fact]
    public void AnAbortedCallerStillWaitsForItsWorkers()
    {
        using var arrived = new ManualResetEventSlim();
        using var abort = new CancellationTokenSource();
        // Cancel returns when the caller has been aborted, not before.
        var aborting = new Thread(abort.Cancel) { IsBackground = true };
#pragma warning disable SYSLIB0046 // the notebooks' kernel aborts cells this way
        var result = RunAndAbort(arrived, _ => aborting.Start(), run => ControlledExecution.Run(run, abort.Token), callerComputes: true);
#pragma warning restore SYSLIB0046
        Eventually.Ends(aborting, "The abort does not end.");
        Assert.False(result.Early, "The caller returned while a worker was still running.");
    }

    /// <summary>
    /// Runs a caller and one worker, which is blocked until the end: returns whether the caller returned early, and whether an interruption
    /// was raised.
    /// </summary>
    /// <param name="arrived">Set when the abort or the interruption has reached the caller.</param>
    /// <param name="abort">Aborts or interrupts the caller.</param>
    /// <param name="run">Runs the caller's loop.</param>
    /// <param name="callerComputes">Whether the caller's own call runs until it is aborted, or ends at once.</param>
    private static (bool Early, bool Interrupted) RunAndAbort(
        ManualResetEventSlim arrived, Action<Thread> abort, Action<Action> run, bool callerComputes = false)
    {
        using var release = new ManualResetEventSlim();
        using var computing = new ManualResetEventSlim();
        using var barrier = new Barrier(3);
        var (returned, interrupted) = (false, false);
        var caller = new Thread(() =>
        {
            var callerThread = Environment.CurrentManagedThreadId;
            try
            {
                run(() => ParallelLoops.For(2, _ =>
                {
                    barrier.SignalAndWait();
                    if (Environment.CurrentManagedThreadId != callerThread)
                        release.Wait();
                    else if (callerComputes)
                        ComputeUntilAborted(computing, arrived);
                }, threads: 2));
                Volatile.Write(ref returned, true);
                Thread.Sleep(0); // raises a pending interruption
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
            catch (OperationCanceledException)
            {
                // Aborted.
            }

            Volatile.Write(ref returned, true);
        });
        caller.Start();
        barrier.SignalAndWait();
        // An abort before the caller's try block would not be noticed by its finally block.
        if (callerComputes)
            Eventually.IsSet(computing, "the caller computes");
        abort(caller);
        Eventually.IsSet(arrived, "the caller is aborted");
        // It waits again, or it has returned.
        bool WaitsOrReturned() => Volatile.Read(ref returned) || caller.ThreadState.HasFlag(ThreadState.WaitSleepJoin);
        Eventually.IsTrue(WaitsOrReturned, "the caller waits or returns");
        var early = Volatile.Read(ref returned);
        release.Set();
        Eventually.Ends(caller, "The caller does not end.");
        return (early, interrupted);
    }

    private static void ComputeUntilAborted(ManualResetEventSlim computing, ManualResetEventSlim arrived)
    {
        try
        {
            computing.Set();
            while (true)
                Thread.SpinWait(100);
        }
        finally
        {
            arrived.Set();
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}

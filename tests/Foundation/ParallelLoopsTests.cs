using System.Collections.Concurrent;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DeviceId.Foundation;

namespace DeviceId.Tests.Foundation;

public sealed class ParallelLoopsTests
{
    [Fact]
    public void EveryCallIsMadeOnceAndNoMoreAtOnceThanWereAskedFor()
    {
        var calls = new int[200];
        var (now, most) = (0, 0);
        var threads = new ConcurrentDictionary<int, bool>();
        using var meeting = new Barrier(2);
        ParallelLoops.For(calls.Length, i =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            threads.TryAdd(Environment.CurrentManagedThreadId, true);
            // Every call waits for another one: a third thread would find calls to make while these two wait.
            Eventually.Meet(meeting);
            Interlocked.Increment(ref calls[i]);
            Interlocked.Decrement(ref now);
        }, threads: 2);
        Assert.All(calls, count => Assert.Equal(1, count));
        Assert.Equal((2, 2), (most, threads.Count));
    }

    [Fact]
    public void WhatGoesWrongComesOutAsItself()
    {
        var error = Assert.Throws<InvalidDataException>(() =>
            ParallelLoops.For(10, i => { if (i == 3) throw new InvalidDataException("the fourth"); }));
        Assert.Equal("the fourth", error.Message);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ParallelLoops.For(10, _ => { }, cancellationToken: stop.Token));
    }

    [Fact]
    public void AsManyThreadsAsWereAskedForTakePartAtOnce()
    {
        using var meeting = new Barrier(3);
        // Whoever comes waits for two others: with fewer threads nobody would get through.
        for (var round = 0; round < 20; round++)
        {
            var threads = new Thread[3];
            ParallelLoops.For(3, i =>
            {
                threads[i] = Thread.CurrentThread;
                Eventually.Meet(meeting);
            }, threads: 3);
            Assert.Equal(3, threads.Distinct().Count());
            // Every other round finds the helpers asleep, and not spinning.
            if (round % 2 == 1)
                Assert.All(threads.Where(thread => thread != Thread.CurrentThread), Eventually.Blocks);
        }
    }

    [Fact]
    public void SharedWorkSharesItsOwnWork()
    {
        var calls = new int[5 * 7];
        ParallelLoops.For(5, i => ParallelLoops.For(7, j => Interlocked.Increment(ref calls[(i * 7) + j]), threads: 3), threads: 4);
        Assert.All(calls, count => Assert.Equal(1, count));
    }

    [Fact]
    public void ManyCallersDoNotGetInEachOthersWay()
    {
        var right = 0;
        var callers = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (var round = 0; round < 200; round++)
            {
                var sum = 0;
                ParallelLoops.For(10, i => Interlocked.Add(ref sum, i), threads: 3);
                Interlocked.Add(ref right, sum == 45 ? 1 : 0);
            }
        })).ToList();
        callers.ForEach(caller => caller.Start());
        Assert.All(callers, caller => Eventually.Ends(caller, "A caller still waits for its helpers."));
        Assert.Equal(8 * 200, right);
    }

    [Fact]
    public void WhatFlowsWithACallFlowsToTheHelpers()
    {
        var local = new AsyncLocal<string> { Value = "the caller's" };
        using var meeting = new Barrier(2);
        var seen = new string?[2];
        ParallelLoops.For(2, i =>
        {
            Eventually.Meet(meeting);
            seen[i] = local.Value;
        }, threads: 2);
        Assert.All(seen, value => Assert.Equal("the caller's", value));
    }

    [Fact]
    public void HelpersThatWaitDoNotKeepTheirLastWorkAlive()
    {
        var captured = Work();
        // The helper may still be on its way from the work to its wait.
        Eventually.IsTrue(
            () =>
            {
                GC.Collect();
                return !captured.IsAlive;
            },
            "the work of a helper that waits is collected");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Work()
        {
            var large = new byte[1000];
            using var meeting = new Barrier(2);
            ParallelLoops.For(2, i =>
            {
                Eventually.Meet(meeting);
                large[i] = 1;
            }, threads: 2);
            return new WeakReference(large);
        }
    }

    [Fact]
    public void AfterAnErrorNothingMoreIsBegunAndTheHelpersAreThereForTheNextWork()
    {
        var begun = 0;
        Assert.Throws<InvalidDataException>(() => ParallelLoops.For(1000, i =>
        {
            Interlocked.Increment(ref begun);
            throw new InvalidDataException("at once");
        }, threads: 2));
        Assert.InRange(begun, 1, 2);
        var sum = 0;
        ParallelLoops.For(10, i => Interlocked.Add(ref sum, i), threads: 2);
        Assert.Equal(45, sum);
        ParallelLoops.For(0, _ => sum = -1, threads: 2);
        Assert.Equal(45, sum);
    }

    [Fact]
    public void ACallerThatIsInterruptedWaitsForItsHelpersAllTheSame()
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
            var left = LeftWhile(arrived, caller =>
            {
                // It has made its own call, and waits for the helper.
                Eventually.Blocks(caller);
                interrupted = caller;
                caller.Interrupt();
            }, run => run());
            Assert.False(left.Early, "The caller left while a helper still worked.");
            Assert.True(left.Interrupted, "The interruption was lost.");
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Note;
        }
    }

    [Fact]
    public void ACallerThatIsBrokenOffWaitsForItsHelpersAllTheSame()
    {
        using var arrived = new ManualResetEventSlim();
        using var abort = new CancellationTokenSource();
        // The runtime's own call returns when the caller is broken off, and not before.
        var aborting = new Thread(abort.Cancel) { IsBackground = true };
#pragma warning disable SYSLIB0046 // what the notebooks' kernel does
        var left = LeftWhile(arrived, _ => aborting.Start(), run => ControlledExecution.Run(run, abort.Token), callerComputes: true);
#pragma warning restore SYSLIB0046
        Eventually.Ends(aborting, "The breaking off does not end.");
        Assert.False(left.Early, "The caller left while a helper still worked.");
    }

    /// <summary>
    /// A caller and one helper who works until it may go on: whether the caller was gone before, and whether an interruption came after.
    /// </summary>
    /// <param name="arrived">Set when what breaks the caller off has reached it.</param>
    /// <param name="breakOff">Breaks it off.</param>
    /// <param name="run">What the caller runs its work by.</param>
    /// <param name="callerComputes">Whether the caller's own call goes on until it is broken off, or ends at once.</param>
    private static (bool Early, bool Interrupted) LeftWhile(
        ManualResetEventSlim arrived, Action<Thread> breakOff, Action<Action> run, bool callerComputes = false)
    {
        using var goOn = new ManualResetEventSlim();
        using var meeting = new Barrier(3);
        var (left, interrupted) = (false, false);
        var caller = new Thread(() =>
        {
            var me = Environment.CurrentManagedThreadId;
            try
            {
                run(() => ParallelLoops.For(2, _ =>
                {
                    meeting.SignalAndWait();
                    if (Environment.CurrentManagedThreadId != me)
                        goOn.Wait();
                    else if (callerComputes)
                        ComputeUntilBrokenOff(arrived);
                }, threads: 2));
                Volatile.Write(ref left, true);
                Thread.Sleep(0); // takes an interruption that is still to come
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
            catch (OperationCanceledException)
            {
                // Broken off.
            }

            Volatile.Write(ref left, true);
        });
        caller.Start();
        meeting.SignalAndWait();
        breakOff(caller);
        Eventually.IsSet(arrived, "the caller is broken off");
        // It waits again, or it is gone.
        bool WaitsOrLeft() => Volatile.Read(ref left) || caller.ThreadState.HasFlag(ThreadState.WaitSleepJoin);
        Eventually.IsTrue(WaitsOrLeft, "the caller waits or leaves");
        var early = Volatile.Read(ref left);
        goOn.Set();
        Eventually.Ends(caller, "The caller does not end.");
        return (early, interrupted);
    }

    private static void ComputeUntilBrokenOff(ManualResetEventSlim arrived)
    {
        try
        {
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

using System.Runtime;
using System.Runtime.CompilerServices;
using DeviceId.Foundation;

namespace DeviceId.Tests.Foundation;

public sealed class ParallelLoopsTests
{
    [Fact]
    public void EveryCallIsMadeOnceAndNoMoreAtOnceThanWereAskedFor()
    {
        var calls = new int[200];
        var (now, most) = (0, 0);
        ParallelLoops.For(calls.Length, i =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            // Sleeping threads are what makes a thread pool start further ones.
            Thread.Sleep(1);
            Interlocked.Increment(ref calls[i]);
            Interlocked.Decrement(ref now);
        }, threads: 2);
        Assert.All(calls, count => Assert.Equal(1, count));
        Assert.InRange(most, 1, 2);
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
        // Whoever comes waits for two others: with fewer threads nobody would get through, and after a pause the helpers sleep.
        for (var round = 0; round < 20; round++)
        {
            var together = 0;
            ParallelLoops.For(3, _ =>
            {
                if (meeting.SignalAndWait(TimeSpan.FromSeconds(30)))
                    Interlocked.Increment(ref together);
            }, threads: 3);
            Assert.Equal(3, together);
            Thread.Sleep(round % 3);
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
        Assert.All(callers, caller => Assert.True(caller.Join(TimeSpan.FromSeconds(60)), "A caller still waits for its helpers."));
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
            Assert.True(meeting.SignalAndWait(TimeSpan.FromSeconds(30)));
            seen[i] = local.Value;
        }, threads: 2);
        Assert.All(seen, value => Assert.Equal("the caller's", value));
    }

    [Fact]
    public void HelpersThatWaitDoNotKeepTheirLastWorkAlive()
    {
        var captured = Work();
        for (var i = 0; i < 100 && captured.IsAlive; i++)
        {
            Thread.Sleep(10);
            GC.Collect();
        }

        Assert.False(captured.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Work()
        {
            var large = new byte[1000];
            using var meeting = new Barrier(2);
            ParallelLoops.For(2, i =>
            {
                meeting.SignalAndWait(TimeSpan.FromSeconds(30));
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
        using var goOn = new ManualResetEventSlim();
        var left = LeftWhile(goOn, caller =>
        {
            while (!caller.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
                Thread.Sleep(1);
            caller.Interrupt();
        }, run => run());
        Assert.False(left.Early, "The caller left while a helper still worked.");
        Assert.True(left.Interrupted, "The interruption was lost.");
    }

    [Fact]
    public void ACallerThatIsBrokenOffWaitsForItsHelpersAllTheSame()
    {
        using var goOn = new ManualResetEventSlim();
        using var abort = new CancellationTokenSource();
#pragma warning disable SYSLIB0046 // what the notebooks' kernel does
        var left = LeftWhile(goOn, _ => abort.CancelAfter(1), run => ControlledExecution.Run(run, abort.Token), callerComputes: true);
#pragma warning restore SYSLIB0046
        Assert.False(left.Early, "The caller left while a helper still worked.");
    }

    /// <summary>
    /// A caller and one helper who works until it may go on: whether the caller was gone before, and whether an interruption came after.
    /// </summary>
    private static (bool Early, bool Interrupted) LeftWhile(
        ManualResetEventSlim goOn, Action<Thread> breakOff, Action<Action> run, bool callerComputes = false)
    {
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
                    while (callerComputes && Environment.CurrentManagedThreadId == me)
                        Thread.SpinWait(100);
                }, threads: 2));
                Volatile.Write(ref left, true);
                Thread.Sleep(0);
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
        // A caller that does not wait is gone at once.
        Thread.Sleep(200);
        var early = Volatile.Read(ref left);
        goOn.Set();
        Assert.True(caller.Join(TimeSpan.FromSeconds(60)), "The caller does not end.");
        return (early, interrupted);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}

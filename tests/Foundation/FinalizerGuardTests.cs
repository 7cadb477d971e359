using System.Runtime.CompilerServices;
using DeviceId.Foundation;
using TorchSharp;

namespace DeviceId.Tests.Foundation;

/// <remarks>In the collection of the tensor tests, because these pause finalizers too.</remarks>
[Collection(TensorCollection.Name)]
public sealed class FinalizerGuardTests
{
    [Fact]
    public void NothingIsFinalisedUntilTheLastGuardEnds()
    {
        var thread = FindFinalizerThread();
        var finalised = new ManualResetEventSlim();
        using (new FinalizerGuard(Eventually.Timeout, Eventually.Timeout))
        {
            using (new FinalizerGuard())
            {
                Drop(finalised);
                GC.Collect();
                AssertPaused();
            }

            AssertPaused();
        }

        Eventually.IsSet(finalised, "the dropped object is finalised");

        // One thread runs all finalizers, and blocks within one of them. When idle, it waits inside the runtime, which does not count.
        void AssertPaused()
        {
            Eventually.Blocks(thread);
            Assert.False(finalised.IsSet);
        }
    }

    private const int MinProducts = 2000;

    // About one during each product.
    private const int MinCollections = 2000;

    /// <summary>
    /// Without the guard, 5 to 6 of 30,000 such products were wrong or raised an error of libtorch (2 cores, 12 s): every scalar beside a
    /// tensor is an object of its own, freed while libtorch uses it if another thread collects garbage. How often depends on the machine
    /// (none of 5,300 on another one); that nothing is finalised is tested above.
    /// </summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public void ScalarsBesideTensorsKeepTheirValuesWhileOtherThreadsCollectGarbage()
    {
        using var stop = new CancellationTokenSource();
        var collections = 0;
        var collectors = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                Interlocked.Increment(ref collections);
                // A pause: without it, two such threads starved everything else on a machine of two cores (seen: 100 products in ten
                // seconds).
                Thread.SpinWait(2000);
            }
        })).ToList();
        collectors.ForEach(thread => thread.Start());
        var (correct, total) = (0, 0);
        using var ones = torch.ones(50_000);
        while (total < MinProducts || Volatile.Read(ref collections) < MinCollections)
        {
            using var guard = new FinalizerGuard();
            for (var i = 0; i < 100; i++)
            {
                using var scope = torch.NewDisposeScope();
                var products = ones.mul(3).add(4).mul(2);
                total++;
                if (products[0].item<float>() == 14 && products[49_999].item<float>() == 14)
                    correct++;
            }
        }

        stop.Cancel();
        collectors.ForEach(thread => thread.Join());
        Assert.Equal(total, correct);
    }

    [Fact]
    public void CodeThatWaitsForFinalizersWithinAGuardContinuesAfterAWhile()
    {
        // The default is long for a test, and short for code that waits.
        Assert.InRange(FinalizerGuard.MaxPause, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        var thread = new Thread(() =>
        {
            using var guard = new FinalizerGuard(Eventually.Timeout, maxPause: TimeSpan.FromMilliseconds(100));
            GC.Collect();
            GC.WaitForPendingFinalizers();
            guard.Dispose();
            GC.WaitForPendingFinalizers();
        })
        { IsBackground = true };
        thread.Start();
        Eventually.Ends(thread, "The thread waits for ever.");
    }

    private static Thread FindFinalizerThread()
    {
        var finalizerThread = new TaskCompletionSource<Thread>();
        Drop(finalizerThread);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return finalizerThread.Task.GetAwaiter().GetResult();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(TaskCompletionSource<Thread> finalizerThread) => _ = new ThreadFinder(finalizerThread);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(ManualResetEventSlim finalised) => _ = new Dropped(finalised);

    private sealed class Dropped(ManualResetEventSlim finalised)
    {
        ~Dropped() => finalised.Set();
    }

    private sealed class ThreadFinder(TaskCompletionSource<Thread> finalizerThread)
    {
        ~ThreadFinder() => finalizerThread.SetResult(Thread.CurrentThread);
    }
}

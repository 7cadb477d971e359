using System.Runtime.CompilerServices;
using DeviceId.Foundation;
using TorchSharp;

namespace DeviceId.Tests.Foundation;

/// <remarks>With the tensor tests, for these hold finalizers too.</remarks>
[Collection(TensorCollection.Name)]
public sealed class FinalizerGuardTests
{
    [Fact]
    public void NothingIsFinalisedUntilTheLastHoldEnds()
    {
        var thread = ThreadOfFinalizers();
        var finalised = new ManualResetEventSlim();
        using (new FinalizerGuard(Eventually.Patience, Eventually.Patience))
        {
            using (new FinalizerGuard())
            {
                Drop(finalised);
                GC.Collect();
                AssertHeld();
            }

            AssertHeld();
        }

        Eventually.IsSet(finalised, "what was dropped is finalised");

        // One thread runs all finalizers, and waits within one of them. An idle one's wait is the runtime's own, and does not count.
        void AssertHeld()
        {
            Eventually.Blocks(thread);
            Assert.False(finalised.IsSet);
        }
    }

    private const int LeastProducts = 2000;

    // About one within each product.
    private const int LeastCollections = 2000;

    /// <summary>
    /// Without the hold 5 to 6 of 30,000 such products were wrong or raised an error of libtorch's (2 cores, 12 s): every number beside a
    /// tensor is an object of its own, freed under libtorch where another thread collects. How often is the machine's affair (none of 5,300
    /// on another one): that nothing is finalised is tested above.
    /// </summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public void NumbersBesideTensorsStayWhatTheyAreWhereOtherThreadsCollectAllTheTime()
    {
        using var stop = new CancellationTokenSource();
        var collections = 0;
        var collectors = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                Interlocked.Increment(ref collections);
                // A pause: without it two such threads kept everything else from a machine of two cores (seen: 100 products in ten
                // seconds).
                Thread.SpinWait(2000);
            }
        })).ToList();
        collectors.ForEach(thread => thread.Start());
        var (right, all) = (0, 0);
        using var ones = torch.ones(50_000);
        while (all < LeastProducts || Volatile.Read(ref collections) < LeastCollections)
        {
            using var hold = new FinalizerGuard();
            for (var i = 0; i < 100; i++)
            {
                using var scope = torch.NewDisposeScope();
                var products = ones.mul(3).add(4).mul(2);
                all++;
                if (products[0].item<float>() == 14 && products[49_999].item<float>() == 14)
                    right++;
            }
        }

        stop.Cancel();
        collectors.ForEach(thread => thread.Join());
        Assert.Equal(all, right);
    }

    [Fact]
    public void WhoeverWaitsForFinalizersWithinAHoldGoesOnAfterAWhile()
    {
        // The usual while is long for a test, and short for whoever waits.
        Assert.InRange(FinalizerGuard.MaxPause, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        var thread = new Thread(() =>
        {
            using var hold = new FinalizerGuard(Eventually.Patience, maxPause: TimeSpan.FromMilliseconds(100));
            GC.Collect();
            GC.WaitForPendingFinalizers();
            hold.Dispose();
            GC.WaitForPendingFinalizers();
        })
        { IsBackground = true };
        thread.Start();
        Eventually.Ends(thread, "It waits for ever.");
    }

    private static Thread ThreadOfFinalizers()
    {
        var found = new TaskCompletionSource<Thread>();
        Drop(found);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return found.Task.GetAwaiter().GetResult();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(TaskCompletionSource<Thread> found) => _ = new Finder(found);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(ManualResetEventSlim finalised) => _ = new Dropped(finalised);

    private sealed class Dropped(ManualResetEventSlim finalised)
    {
        ~Dropped() => finalised.Set();
    }

    private sealed class Finder(TaskCompletionSource<Thread> found)
    {
        ~Finder() => found.SetResult(Thread.CurrentThread);
    }
}

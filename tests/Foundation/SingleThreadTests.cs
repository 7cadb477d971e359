using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Foundation;

[Collection(TensorCollection.Name)]
public sealed class SingleThreadTests
{
    [Fact]
    public void LoopsFollowLibtorchsThreadCountUnlessLibtorchAloneIsLimitedAndAllIsRestored()
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(3);
            Assert.Equal(3, ParallelLoops.Threads);
            using (SingleThread.LibtorchOnly())
            {
                Assert.Equal((1, 3), (get_num_threads(), ParallelLoops.Threads));
                using (new SingleThread())
                    Assert.Equal((1, 1), (get_num_threads(), ParallelLoops.Threads));
                Assert.Equal((1, 3), (get_num_threads(), ParallelLoops.Threads));
                using (SingleThread.LibtorchOnly())
                    Assert.Equal((1, 3), (get_num_threads(), ParallelLoops.Threads));
            }

            Assert.Equal((3, 3), (get_num_threads(), ParallelLoops.Threads));
            set_num_threads(2);
            Assert.Equal(2, ParallelLoops.Threads);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void AnotherThreadIsNotLimited()
    {
        using var limit = SingleThread.LibtorchOnly();
        var expected = ParallelLoops.Threads;
        var loopThreads = 0;
        var thread = new Thread(() =>
        {
            set_num_threads(expected + 1);
            loopThreads = ParallelLoops.Threads;
        });
        thread.Start();
        thread.Join();
        Assert.Equal((expected + 1, expected), (loopThreads, ParallelLoops.Threads));
    }
}

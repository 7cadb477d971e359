using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Data;

[Collection(TensorCollection.Name)]
public sealed class FrontEndCancellationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Split _split;

    public FrontEndCancellationTests() =>
        _split = Folds.LeaveOneSentenceOut(SimulatedCorpus.Open(SimulatedCorpusOptions.Small, _folder.Path))[0];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FrameSelection.All)]
    [InlineData(FrameSelection.Speech)]
    public void CancellationIsNoticedAfterAnyReportAndNoTensorIsLeft(FrameSelection frames)
    {
        var options = new FrontEndOptions { Background = new GmmOptions { Components = 4, FinalIterations = 2 }, Frames = frames };
        var store = new FeatureStore(_folder.File("cache"), options.CreateFeatures(CPU));
        var live = LiveTensors.CountSettled();
        var reports = 0;
        for (var ended = false; !ended;)
        {
            using var stop = new CancellationTokenSource();
            var (cancelAt, seen) = (reports++, 0);
            try
            {
                var progress = new CancelAt(() => seen++ == cancelAt, stop);
                var (frontEnd, samples) = FrontEnd.Fit(_split.Train, options, store, CPU, null, progress, stop.Token);
                frontEnd.Dispose();
                samples.Dispose();
                ended = true;
                Assert.False(stop.IsCancellationRequested, "the cancellation was not noticed");
            }
            catch (OperationCanceledException)
            {
                Assert.True(stop.IsCancellationRequested);
            }

            Assert.Equal(live, Tensor.TotalCount);
        }

        // Reports come from the features, and from the EM iterations with 1, 2 and 4 components.
        Assert.True(reports > 5, $"{reports}");
    }

    [Fact]
    public void CancellationIsNoticedWhileTestRecordingsOrClipsAreTransformed()
    {
        var options = new FrontEndOptions { Background = new GmmOptions { Components = 4, FinalIterations = 2 } };
        var store = new FeatureStore(_folder.File("cache"), options.CreateFeatures(CPU));
        var (frontEnd, samples) = FrontEnd.Fit(_split.Train, options, store, CPU, cancellationToken: TestContext.Current.CancellationToken);
        using (frontEnd)
        using (samples)
        {
            frontEnd.Transform(_split.Test, cancellationToken: TestContext.Current.CancellationToken).Dispose();
            AudioClip[] clips = [.. _split.Test.Recordings.Select(recording => AudioFile.Read(recording.Path))];
            var live = LiveTensors.CountSettled();
            using var stop = new CancellationTokenSource();
            // Cancels once the features are loaded.
            var progress = new CancelAt(() => true, stop);
            Assert.Throws<OperationCanceledException>(() => frontEnd.Transform(_split.Test, progress, stop.Token));
            Assert.Throws<OperationCanceledException>(() => frontEnd.Transform(_split.Test, clips, stop.Token));
            Assert.Equal(live, Tensor.TotalCount);
        }
    }

    private sealed class CancelAt(Func<bool> isDue, CancellationTokenSource stop) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            if (isDue())
                stop.Cancel();
        }
    }
}

using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using DeviceId.Models;
using DeviceId.Tests.Models;
using DeviceId.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Training;

/// <summary>The same arithmetic on a GPU, where there is one: <c>-trait "Device=Cuda"</c>.</summary>
[Collection(TensorCollection.Name)]
[Trait("Device", "Cuda")]
public sealed class CudaTests : IDisposable
{
    private readonly TrainDataset _data = TrainingSamples.Make();

    public CudaTests() => Assert.SkipUnless(cuda.is_available(), "No CUDA device is usable here: what runs on a GPU is not tested.");

    public void Dispose() => _data.Dispose();

    [Fact]
    public void FeaturesAgree()
    {
        var random = new Random(1);
        var clip = new AudioClip([.. Enumerable.Range(0, 64000).Select(_ => random.NextSingle() - 0.5f)], 32000);
        using var scope = NewDisposeScope();
        var (here, there) = (new Mfcc(MfccOptions.AsWritten, CPU).Extract(clip),
            new Mfcc(MfccOptions.AsWritten, ComputeDevice.Choose("cuda")).Extract(clip));
        // Ten times the golden tests' tolerance of single precision: this has not been run on a GPU yet, whose transforms add up in another
        // order.
        Assert.InRange((here - there.cpu()).abs().max().item<float>(), 0, 1e-3);
    }

    [Fact]
    public void BackgroundModelAndAdaptationAgree()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var frames = randn(5000, 13);
        var options = new GmmOptions { Components = 8 };
        using var here = new GmmTrainer(options, CPU).Fit([frames], cancellationToken: TestContext.Current.CancellationToken).Model;
        using var there = new GmmTrainer(options, ComputeDevice.Choose("cuda"))
            .Fit([frames], cancellationToken: TestContext.Current.CancellationToken).Model;
        Assert.InRange((here.Means - there.Means).abs().max().item<double>(), 0, 1e-3);
        using var one = new MapAdaptation(here);
        using var other = new MapAdaptation(here, device: ComputeDevice.Choose("cuda"));
        var segments = frames.reshape(100, 50, 13);
        Assert.InRange((one.Means(segments) - other.Means(segments).cpu()).abs().max().item<float>(), 0, 1e-4);
    }

    [Fact]
    public void AnUntrainedNetworkAnswersTheSameAndTrainingLearns()
    {
        var device = ComputeDevice.Choose("cuda");
        using var scope = NewDisposeScope();
        using var here = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        using var there = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        there.to(device);
        var (one, other) = (here.Predict(_data.Supervectors, _data.Segments),
            there.Predict(_data.Supervectors, _data.Segments, device: device));
        Assert.InRange((one.Deep - other.Deep).abs().max().item<float>(), 0, 1e-4);
        foreach (var precision in Enum.GetValues<MatmulPrecision>())
        {
            using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
            var options = TrainingSamples.Options with { Epochs = 30, LearningRateDecayEpochs = 20, Precision = precision };
            var log = new Trainer(network, options, device).Fit(_data, cancellationToken: TestContext.Current.CancellationToken).Log;
            Assert.True(log.Epochs[^1].Loss < log.Epochs[0].Loss / 2, $"{precision}: {log.Epochs[0].Loss} to {log.Epochs[^1].Loss}");
        }
    }

    [Fact]
    public void TheSameSeedTrainsTheSameWay()
    {
        float[] Losses()
        {
            using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
            var trainer = new Trainer(network, TrainingSamples.Options, ComputeDevice.Choose("cuda"));
            return [.. trainer.Fit(_data, cancellationToken: TestContext.Current.CancellationToken).Log.Epochs.Select(e => (float)e.Loss)];
        }

        // Batches and dropout are the same; the GPU's own order of sums may differ from run to run.
        Assert.All(Losses().Zip(Losses()), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }
}

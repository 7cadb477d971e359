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

/// <summary>The same arithmetic on a GPU, if there is one: <c>-trait "Device=Cuda"</c>.</summary>
[Collection(TensorCollection.Name)]
[Trait("Device", "Cuda")]
public sealed class CudaTests : IDisposable
{
    private readonly TrainDataset _data = TrainingSamples.Make();

    public CudaTests() => Assert.SkipUnless(cuda.is_available(), "No CUDA device is usable here: GPU code is not tested.");

    public void Dispose() => _data.Dispose();

    [Fact]
    public void FeaturesAgree()
    {
        var random = new Random(1);
        var clip = new AudioClip([.. Enumerable.Range(0, 64000).Select(_ => random.NextSingle() - 0.5f)], 32000);
        using var scope = NewDisposeScope();
        var (onCpu, onGpu) = (new Mfcc(MfccOptions.AsWritten, CPU).Extract(clip),
            new Mfcc(MfccOptions.AsWritten, ComputeDevice.Choose("cuda")).Extract(clip));
        // Ten times the single-precision tolerance of the golden tests: this has not been run on a GPU yet, whose FFTs sum in another
        // order.
        Assert.InRange((onCpu - onGpu.cpu()).abs().max().item<float>(), 0, 1e-3);
    }

    [Fact]
    public void BackgroundModelAndAdaptationAgree()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var frames = randn(5000, 13);
        var options = new GmmOptions { Components = 8 };
        using var onCpu = new GmmTrainer(options, CPU).Fit([frames], cancellationToken: TestContext.Current.CancellationToken).Model;
        using var onGpu = new GmmTrainer(options, ComputeDevice.Choose("cuda"))
            .Fit([frames], cancellationToken: TestContext.Current.CancellationToken).Model;
        Assert.InRange((onCpu.Means - onGpu.Means).abs().max().item<double>(), 0, 1e-3);
        using var cpuMap = new MapAdaptation(onCpu);
        using var gpuMap = new MapAdaptation(onCpu, device: ComputeDevice.Choose("cuda"));
        var segments = frames.reshape(100, 50, 13);
        Assert.InRange((cpuMap.Means(segments) - gpuMap.Means(segments).cpu()).abs().max().item<float>(), 0, 1e-4);
    }

    [Fact]
    public void AnUntrainedNetworkPredictsTheSameAndTrainingLearns()
    {
        var device = ComputeDevice.Choose("cuda");
        using var scope = NewDisposeScope();
        using var onCpu = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        using var onGpu = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        onGpu.to(device);
        var (cpuResult, gpuResult) = (onCpu.Predict(_data.Supervectors, _data.Segments),
            onGpu.Predict(_data.Supervectors, _data.Segments, device: device));
        Assert.InRange((cpuResult.Deep - gpuResult.Deep).abs().max().item<float>(), 0, 1e-4);
        foreach (var precision in Enum.GetValues<MatmulPrecision>())
        {
            using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
            var options = TrainingSamples.Options with { Epochs = 30, LearningRateDecayEpochs = 20, Precision = precision };
            var log = new Trainer(network, options, device).Fit(_data, cancellationToken: TestContext.Current.CancellationToken).Log;
            Assert.True(log.Epochs[^1].Loss < log.Epochs[0].Loss / 2, $"{precision}: {log.Epochs[0].Loss} to {log.Epochs[^1].Loss}");
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameLosses()
    {
        float[] Losses()
        {
            using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
            var trainer = new Trainer(network, TrainingSamples.Options, ComputeDevice.Choose("cuda"));
            return [.. trainer.Fit(_data, cancellationToken: TestContext.Current.CancellationToken).Log.Epochs.Select(e => (float)e.Loss)];
        }

        // Batches and dropout are the same; the GPU's order of summation may differ from run to run.
        Assert.All(Losses().Zip(Losses()), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }
}

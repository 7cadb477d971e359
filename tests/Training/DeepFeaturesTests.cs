using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Training;

[Collection(TensorCollection.Name)]
public sealed class DeepFeaturesTests
{
    private static readonly DeepFeatureOptions Tiny = new()
    {
        Context = 3, FirstWidth = 24, SecondWidth = 16, Bottleneck = 2, Epochs = 30, BatchSize = 64, FramesPerEpoch = 0,
        LearningRate = 5e-3,
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheNetworkHasTheParametersOfItsLayers(bool isClassifier)
    {
        using var network = new StackedFramesNetwork(11 * 39, [512, 256], 39, isClassifier ? 45 : null, CPU);
        var encoder = (429 * 512 + 512) + (512 * 256 + 256) + (256 * 39 + 39);
        var decoder = isClassifier ? (39 * 45 + 45) : (39 * 256 + 256) + (256 * 512 + 512) + (512 * 429 + 429);
        Assert.Equal(encoder + decoder, network.parameters().Sum(p => p.numel()));
        Assert.All(network.named_parameters(), p => Assert.Matches("^(encoder|decoder)\\.", p.name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryLayerIsCalledAndEveryParameterHasAGradientOnBothBackends(bool accelerated)
    {
        using var backend = new BackendSwitch(accelerated);
        using var scope = NewDisposeScope();
        using var network = new StackedFramesNetwork(33, [24, 16], 2, classes: null, CPU);
        var called = 0;
        var layers = network.named_modules().Where(entry => !entry.module.children().Any()).ToList();
        var hooks = layers.Select(entry => ((nn.Module<Tensor, Tensor>)entry.module).register_forward_hook((_, _, output) =>
        {
            called++;
            return output;
        })).ToList();
        network.call(randn(64, 33, device: CPU)).square().sum().backward();
        hooks.ForEach(hook => hook.remove());
        // Six linear layers and five times tanh.
        Assert.Equal((11, 11), (layers.Count, called));
        Assert.All(network.named_parameters(), p => Assert.True(p.parameter.grad is { } g && g.abs().sum().item<float>() > 0, p.name));
    }

    [Fact]
    public void AnAutoEncoderLearnsFramesThatLieInAPlane()
    {
        using var scope = NewDisposeScope();
        var frames = PlaneFrames(recordings: 4, count: 200);
        using var features = DeepFeatures.Fit(frames, labels: null, Tiny, CPU);
        // The variance of standardised coefficients is 1: 3 frames of 2 independent values in a bottleneck of 2 leave most of it.
        Assert.True(features.Losses[^1] < 0.8 * features.Losses[0], string.Join(' ', features.Losses));
        using var values = features.Compute(frames[0]);
        Assert.Equal([200L, 2L], values.shape);
    }

    [Fact]
    public void ABottleneckOfDevicesSeparatesThem()
    {
        using var scope = NewDisposeScope();
        var frames = PlaneFrames(recordings: 4, count: 100).Select((matrix, i) => matrix + (i % 2)).ToList();
        using var features = DeepFeatures.Fit(frames, [0, 1, 0, 1], Tiny, CPU);
        Assert.True(features.Losses[^1] < 0.5 * Math.Log(2), string.Join(' ', features.Losses));
        var means = frames.Select(matrix => features.Compute(matrix).mean([0])).ToList();
        double Distance(int i, int j) => (means[i] - means[j]).norm().item<float>();
        Assert.True(Distance(0, 2) < 0.5 * Distance(0, 1));
    }

    [Fact]
    public void AStackReachesBeyondTheEndsByTheFirstAndLastFrameAndNeverIntoAnotherRecording()
    {
        using var scope = NewDisposeScope();
        var frames = PlaneFrames(recordings: 3, count: 30);
        using var features = DeepFeatures.Fit(frames, labels: null, Tiny with { Epochs = 1 }, CPU);
        var alone = features.Compute(frames[1]);
        var continued = features.Compute(cat([frames[1][0].unsqueeze(0), frames[1], frames[1][-1].unsqueeze(0)], 0)).narrow(0, 1, 30);
        // Only the order of summation may differ, with another number of rows.
        Assert.True((alone - continued).abs().max().item<float>() < 1e-5);
        // A frame has no influence beyond the context.
        var changed = frames[1].clone();
        changed[20].add_(3);
        var difference = (features.Compute(changed) - alone).abs().amax([1]).data<float>().ToArray();
        Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(i is >= 19 and <= 21, difference[i] > 1e-5));
    }

    [Fact]
    public void TheSeedFixesTheFeaturesAndAFileKeepsThem()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var frames = PlaneFrames(recordings: 2, count: 40);
        var options = Tiny with { Epochs = 2 };
        using var first = DeepFeatures.Fit(frames, [0, 1], options, CPU);
        using var again = DeepFeatures.Fit(frames, [0, 1], options, CPU);
        using var other = DeepFeatures.Fit(frames, [0, 1], options with { Seed = 2 }, CPU);
        var values = first.Compute(frames[0]);
        Assert.True(values.Equals(again.Compute(frames[0])));
        Assert.False(values.Equals(other.Compute(frames[0])));
        var path = folder.File("deep");
        first.Save(path);
        using var loaded = DeepFeatures.Load(path, CPU);
        Assert.True(values.Equals(loaded.Compute(frames[0])));
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Throws<ModelFileException>(() => DeepFeatures.Load(path, CPU));
        TensorFile.Write(path, "deep features", "{}", []);
        Assert.Throws<ModelFileException>(() => DeepFeatures.Load(path, CPU));
    }

    [Fact]
    public void BadInputIsRefusedAndCancellationEndsTheTraining()
    {
        using var scope = NewDisposeScope();
        var frames = PlaneFrames(recordings: 2, count: 20);
        Assert.Throws<ArgumentException>(() => DeepFeatures.Fit([], null, Tiny, CPU));
        Assert.Throws<ArgumentException>(() => DeepFeatures.Fit([zeros(0, 3, device: CPU)], null, Tiny, CPU));
        Assert.Throws<ArgumentException>(() => DeepFeatures.Fit([frames[0], zeros(5, 4, device: CPU)], null, Tiny, CPU));
        Assert.Throws<ArgumentException>(() => DeepFeatures.Fit(frames, [0], Tiny, CPU));
        Assert.Throws<OptionsException>(() => DeepFeatures.Fit(frames, null, Tiny with { Context = 4 }, CPU));
        Assert.Throws<NotFiniteNumberException>(() => DeepFeatures.Fit([frames[0] * float.NaN], null, Tiny, CPU));
        Assert.Throws<OperationCanceledException>(() => DeepFeatures.Fit(frames, null, Tiny, CPU, null, new CancellationToken(true)));
        using var features = DeepFeatures.Fit(frames, null, Tiny with { Epochs = 1 }, CPU);
        Assert.Throws<ArgumentException>(() => features.Compute(zeros(5, 4, device: CPU)));
        Assert.Equal([0L, 2L], features.Compute(frames[0].narrow(0, 0, 0)).shape);
    }

    /// <summary>Frames (frame, 3) whose coefficients are combinations of two random values.</summary>
    private static List<Tensor> PlaneFrames(int recordings, int count)
    {
        using var generator = new Generator(17);
        var mixing = randn(2, 3, device: CPU, generator: generator);
        return [.. Enumerable.Range(0, recordings).Select(_ => randn(count, 2, device: CPU, generator: generator).matmul(mixing))];
    }
}

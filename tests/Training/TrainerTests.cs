using DeviceId.Acceleration.Layers;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Tests.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Training;

[Collection(TensorCollection.Name)]
public sealed class TrainerTests : IDisposable
{
    private readonly SingleThread _thread = new();
    private readonly TrainDataset _data = TrainingSamples.Make();

    public void Dispose()
    {
        _data.Dispose();
        _thread.Dispose();
    }

    [Theory]
    [InlineData(SpatialNetwork.Dnn, TemporalNetwork.BiLstm)]
    [InlineData(SpatialNetwork.Cnn, TemporalNetwork.None)]
    [InlineData(SpatialNetwork.ResNet, TemporalNetwork.None)]
    [InlineData(SpatialNetwork.None, TemporalNetwork.Lstm)]
    public void ANetworkMemorisesAFewSamples(SpatialNetwork spatial, TemporalNetwork temporal)
    {
        var options = TrainingSamples.Options with { Epochs = 60, LearningRateDecayEpochs = 40 };
        var networkOptions = TrainingSamples.Network with { Spatial = spatial, Temporal = temporal, Embedding = 32, Dropout = 0.1 };
        using var network = Pstnn.Create(networkOptions, TinyNetwork.Shape, 1);
        var log = TrainingSamples.Fit(network, _data, options);
        using var scores = network.Predict(_data.Supervectors, _data.Segments);
        using var predictions = scores.Deep.argmax(1);
        Assert.Equal(_data.Labels.data<long>().ToArray(), predictions.data<long>().ToArray());
        Assert.True(log.Epochs[^1].Loss < log.Epochs[0].Loss / 2, $"{log.Epochs[0].Loss} to {log.Epochs[^1].Loss}");
    }

    [Fact]
    public void TheSameSeedGivesTheSameBitsAndAnotherSeedOthers()
    {
        var first = TrainingSamples.Trained(_data, TrainingSamples.Options);
        // Random numbers drawn in between must not matter.
        using var between = randn(7);
        Assert.Equal(first, TrainingSamples.Trained(_data, TrainingSamples.Options));
        Assert.NotEqual(first, TrainingSamples.Trained(_data, TrainingSamples.Options with { Seed = 6 }));
        Assert.NotEqual(first, TrainingSamples.Trained(_data,
            TrainingSamples.Options with { Loss = new DeepAndShallowLossOptions(0.5, 0.25, 0.25) }));
    }

    [Fact]
    public void BFloat16ProductsTrainAsWellAndAreNotTheDefault()
    {
        var options = TrainingSamples.Options with { Epochs = 30, LearningRateDecayEpochs = 20 };
        using var exact = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        using var mixed = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        var exactLog = TrainingSamples.Fit(exact, _data, options);
        var mixedLog = TrainingSamples.Fit(mixed, _data, options with { Precision = MatmulPrecision.BFloat16 });
        Assert.NotEqual(exactLog.Epochs[0].Loss, mixedLog.Epochs[0].Loss);
        Assert.True(mixedLog.Epochs[^1].Loss < mixedLog.Epochs[0].Loss / 2);
        // Operands have eight bits: rounding changes a mean loss by less than a hundredth, as long as the weights hardly change. (Larger
        // steps soon make the two diverge.)
        var tinySteps = options with { Epochs = 1, LearningRate = 1e-7 };
        using var exactStill = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        using var mixedStill = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        var expected = TrainingSamples.Fit(exactStill, _data, tinySteps).Epochs[0].Loss;
        var actual = TrainingSamples.Fit(mixedStill, _data, tinySteps with { Precision = MatmulPrecision.BFloat16 }).Epochs[0].Loss;
        Assert.Equal(expected, actual, 0.01 * expected);
        Assert.All(mixed.modules().OfType<AcceleratedLinear>(), layer => Assert.False(layer.InBFloat16));
        Assert.False(backends.cuda.matmul.allow_tf32 || backends.cudnn.allow_tf32);
        Assert.DoesNotContain("precision", Json.Write(options), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("bFloat16", Json.Write(options with { Precision = MatmulPrecision.BFloat16 }), StringComparison.Ordinal);
        Assert.Single((options with { Precision = (MatmulPrecision)7 }).Problems());
    }

    [Theory]
    [InlineData(6, new[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(20, new[] { 3, 6, 9, 12, 15, 18, 20 })]
    public void HeldOutSamplesAreEvaluatedAFewTimesAndAtTheEndWithoutEffectOnTheWeights(int epochs, int[] evaluated)
    {
        var options = TrainingSamples.Options with { Epochs = epochs };
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, options.Seed);
        var calls = 0;
        var trainer = new Trainer(network, options, CPU)
        {
            HeldOutAccuracy = () =>
            {
                // An evaluation may draw random numbers and call the network.
                using var scope = NewDisposeScope();
                using var random = randn(3);
                network.Predict(_data.Supervectors, _data.Segments);
                return ++calls / 100.0;
            },
        };
        using var result = trainer.Fit(_data, cancellationToken: TestContext.Current.CancellationToken);
        var withAccuracy = result.Log.Epochs.Where(epoch => epoch.HeldOutAccuracy is not null).ToList();
        Assert.Equal(evaluated, withAccuracy.Select(epoch => epoch.Epoch));
        Assert.Equal(evaluated.Select((_, i) => (i + 1) / 100.0), withAccuracy.Select(epoch => epoch.HeldOutAccuracy!.Value));
        Assert.Equal(TrainingSamples.Trained(_data, options), TrainingSamples.State(network));
    }

    [Fact]
    public void TheLogHasEveryEpochAndTheScheduleOfThePaper()
    {
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        var log = TrainingSamples.Fit(network, _data);
        Assert.Equal([1, 2, 3, 4, 5, 6], log.Epochs.Select(e => e.Epoch));
        Assert.Equal([0.01, 0.01, 0.005, 0.005, 0.0025, 0.0025], log.Epochs.Select(e => e.LearningRate));
        Assert.All(log.Epochs, e => Assert.True(e.Accuracy is >= 0 and <= 1 && e.Loss > 0 && e.Seconds > 0, e.ToString()));

        var paper = new TrainingOptions();
        Assert.Equal([1e-3, 1e-3, 1e-4, 1e-5], new[] { 0, 19, 20, 59 }.Select(epoch => Math.Round(paper.LearningRateIn(epoch), 12)));
    }

    [Fact]
    public void EveryBatchIsReportedAndTheTimeLeftEndsAtZero()
    {
        var reports = new List<EpochReport>();
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        var log = TrainingSamples.Fit(network, _data, onReport: reports.Add);
        Assert.Equal(from epoch in Enumerable.Range(1, 6) from batch in Enumerable.Range(1, 3) select (epoch, batch),
            reports.Select(r => (r.Epoch, r.Batch)));
        Assert.All(reports, r => Assert.True(r is { Epochs: 6, Batches: 3, Accuracy: >= 0 and <= 1 } && r.Remaining >= TimeSpan.Zero,
            r.ToString()));
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
        Assert.Equal(log.Epochs.Select(e => e.Loss), reports.Where(r => r.Batch == 3).Select(r => r.Loss));
    }

    [Fact]
    public void NoTensorIsLeftBehindByAnEpochOrByATraining()
    {
        using var folder = new TemporaryFolder();
        // Counted after the network is created: TorchSharp counts each parameter of a layer twice and uncounts it once (nn.Linear alone
        // shows it), though its memory is freed.
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        var before = LiveTensors.CountSettled();
        var atEnds = new List<long>();
        var checkpoints = TrainingSamples.AfterEveryBatch(folder.File("checkpoint"));
        TrainingSamples.Fit(network, _data, checkpoints: checkpoints, onReport: r =>
        {
            if (r.Batch == r.Batches)
                atEnds.Add(Tensor.TotalCount);
        });
        Assert.Equal(6, atEnds.Count);
        Assert.Single(atEnds.Distinct());
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void NoBatchOfOneRuinsTheStatistics()
    {
        using var data = TrainingSamples.Make(samples: 5);
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        TrainingSamples.Fit(network, data, TrainingSamples.Options with { BatchSize = 2 });
        Assert.All(network.named_buffers(), b => Assert.True(b.buffer.isfinite().all().item<bool>(), b.name));
    }

    [Fact]
    public void NaNSamplesStopTheTrainingWithTheBatch()
    {
        using (no_grad())
            _data.Segments[3, 0, 0] = float.NaN;
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        var error = Assert.Throws<NotFiniteNumberException>(() => TrainingSamples.Fit(network, _data));
        Assert.Contains("epoch 1, batch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnusableTrainingInputIsRefusedWithAReason()
    {
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape with { Devices = 4 }, 1);
        Assert.Contains("4 classes, but the samples come from 3",
            Assert.Throws<ArgumentException>(() => TrainingSamples.Fit(network, _data)).Message, StringComparison.Ordinal);
        using var single = TrainingSamples.Make(samples: 1);
        Assert.Contains("needs at least 2", Assert.Throws<ArgumentException>(() => TrainingSamples.Fit(network, single)).Message,
            StringComparison.Ordinal);
        Assert.Throws<OptionsException>(() => TrainingSamples.Fit(network, _data, TrainingSamples.Options with { Epochs = 0 }));
    }

    [Fact]
    public void AllUnusableSettingsAreNamedAtOnce()
    {
        var options = new TrainingOptions
        {
            Epochs = 0, BatchSize = 1, SamplesPerEpoch = 1, LearningRate = double.NaN, LearningRateDecayEpochs = 0,
            LearningRateDecayFactor = 2, Loss = new DeepAndShallowLossOptions(-1, 1, 0),
        };
        var problems = Assert.Throws<OptionsException>(options.Validate).Problems;
        foreach (var name in new[] { "Epochs", "BatchSize", "SamplesPerEpoch", "LearningRate ", "LearningRateDecayEpochs",
            "LearningRateDecayFactor", "negative", "add up" })
            Assert.Contains(problems, problem => problem.Contains(name, StringComparison.Ordinal));
        Assert.Empty(new TrainingOptions().Problems());
        Assert.Equal(TrainingSamples.Options, Json.Read<TrainingOptions>(Json.Write(TrainingSamples.Options)));
    }
}

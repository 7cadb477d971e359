using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Tests.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Tests.Training;

[Collection(TensorCollection.Name)]
public sealed class CheckpointTests : IDisposable
{
    private const int Batches = 6 * 3;

    private readonly SingleThread _thread = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TrainDataset _data = TrainingSamples.Make();
    private readonly List<string> _notices = [];

    private string File => _folder.File("trial.checkpoint");

    private Checkpoints Checkpoints => new(File, _notices.Add);

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
        _thread.Dispose();
    }

    [Fact]
    public void CheckpointsChangeNothingAndNoneIsLeftWhenATrainingHasEnded()
    {
        var written = 0;
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        TrainingSamples.Fit(
            network, _data, onReport: _ => written += System.IO.File.Exists(File) ? 1 : 0,
            checkpoints: Checkpoints with { Interval = TimeSpan.Zero });
        Assert.Equal(TrainingSamples.Trained(_data, TrainingSamples.Options), TrainingSamples.State(network));
        // A checkpoint is written after every batch, after the batch's report.
        Assert.Equal(Batches - 1, written);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.Empty(_notices);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 1)]
    [InlineData(4, 3)]
    public void ACancelledTrainingResumesFromThatBatchAndEndsWithTheSameBitsAndTheSameLog(int epoch, int batch)
    {
        using var uninterrupted = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        var expected = TrainingSamples.Fit(uninterrupted, _data);
        Cancel(r => (r.Epoch, r.Batch) == (epoch, batch));

        var trained = new List<(int, int)>();
        using var resumed = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        var log = TrainingSamples.Fit(resumed, _data, onReport: r => trained.Add((r.Epoch, r.Batch)), checkpoints: Checkpoints);
        Assert.Equal(TrainingSamples.State(uninterrupted), TrainingSamples.State(resumed));
        Assert.Equal(WithoutTimes(expected), WithoutTimes(log));
        Assert.Equal(Batches - (3 * (epoch - 1)) - batch, trained.Count);
        Assert.Equal(batch < 3 ? (epoch, batch + 1) : (epoch + 1, 1), trained[0]);
        Assert.Empty(_notices);
    }

    [Fact]
    public void ATrainingCancelledRepeatedlyAtRandomBatchesEndsWithTheSameBits()
    {
        var random = new SplitMix64(1337);
        for (var cancelled = 0; cancelled < 6; cancelled++)
        {
            var batchesLeft = 1 + random.Below(3);
            Cancel(_ => --batchesLeft == 0);
        }

        var trained = 0;
        using var resumed = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        var log = TrainingSamples.Fit(resumed, _data, onReport: _ => trained++, checkpoints: Checkpoints);
        Assert.InRange(trained, 0, Batches - 6);
        Assert.Equal([1, 2, 3, 4, 5, 6], log.Epochs.Select(e => e.Epoch));
        Assert.Equal(TrainingSamples.Trained(_data, TrainingSamples.Options), TrainingSamples.State(resumed));
    }

    [Fact]
    public void TheTimeOfAnInterruptedEpochIsTheSumOfItsParts()
    {
        Cancel(r => (r.Epoch, r.Batch) == (1, 2));
        var (about, tensors) = ReadFile();
        TensorFile.Write(File, "training checkpoint", about.Replace("\"seconds\":", "\"seconds\":100", StringComparison.Ordinal), tensors);
        using var resumed = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        var log = TrainingSamples.Fit(resumed, _data, checkpoints: Checkpoints);
        Assert.InRange(log.Epochs[0].Seconds, 100, 10_000);
        Assert.InRange(log.Epochs[1].Seconds, 0, 99);
    }

    [Fact]
    public void TensorsStoredAfterAnEpochSurviveInterruptions()
    {
        var expected = TrainAndCollect(cancelled: false);
        Assert.Equal(["epoch 2", "half-way"], expected.Keys.Order());
        Assert.NotEqual(expected["epoch 2"], expected["half-way"]);
        Assert.Equal(expected, TrainAndCollect(cancelled: true));

        // Outputs of the network, by name; the last of each name.
        Dictionary<string, byte[]> TrainAndCollect(bool cancelled)
        {
            var outputs = new Dictionary<string, byte[]>();
            for (var ended = false; !ended;)
            {
                using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
                using var stop = new CancellationTokenSource();
                var reports = 0;
                IReadOnlyDictionary<string, Tensor>? AfterEpoch(int epoch)
                {
                    var deep = network.Predict(_data.Supervectors, _data.Segments).Deep;
                    return epoch switch
                    {
                        2 => new Dictionary<string, Tensor> { ["half-way"] = deep, ["epoch 2"] = deep },
                        3 => new Dictionary<string, Tensor> { ["half-way"] = deep },
                        _ => null,
                    };
                }

                var progress = new OnReport(_ => { if (cancelled && ++reports == 4) stop.Cancel(); });
                try
                {
                    using var result = new Trainer(network, TrainingSamples.Options, CPU)
                        .Fit(_data, progress, Checkpoints, AfterEpoch, stop.Token);
                    foreach (var (name, tensor) in result.OutputsByName)
                        outputs[name] = tensor.bytes.ToArray();
                    ended = true;
                }
                catch (OperationCanceledException)
                {
                    Assert.True(System.IO.File.Exists(File));
                }
            }

            return outputs;
        }
    }

    [Fact]
    public void AfterACancellationWithinTheCallAfterAnEpochTheCallIsRepeatedAndNoBatchIs()
    {
        var calls = new List<int>();
        var trained = 0;
        IReadOnlyDictionary<string, Tensor>? AfterEpoch(int epoch)
        {
            calls.Add(epoch);
            return calls.Count == 2
                ? throw new OperationCanceledException() : new Dictionary<string, Tensor> { [$"{epoch}"] = ones(epoch) };
        }

        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        var trainer = new Trainer(network, TrainingSamples.Options, CPU);
        var progress = new OnReport(_ => trained++);
        var token = TestContext.Current.CancellationToken;
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(_data, progress, Checkpoints, AfterEpoch, token));
        using var result = trainer.Fit(_data, progress, Checkpoints, AfterEpoch, token);
        Assert.Equal([1, 2, 2, 3, 4, 5, 6], calls);
        Assert.Equal(Batches, trained);
        Assert.Equal([1, 2, 3, 4, 5, 6], result.OutputsByName.Values.Select(tensor => tensor.shape[0]).Order());
        Assert.Equal(TrainingSamples.Trained(_data, TrainingSamples.Options), TrainingSamples.State(network));
    }

    [Fact]
    public void StoredTensorsAreCopiesAndNoTensorIsLeftBehindWhetherATrainingIsCancelledOrEnds()
    {
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        var before = LiveTensors.CountSettled();
        using (var stop = new CancellationTokenSource())
        {
            var progress = new OnReport(r => { if (r.Epoch == 5) stop.Cancel(); });
            Assert.Throws<OperationCanceledException>(() => new Trainer(network, TrainingSamples.Options, CPU)
                .Fit(_data, progress, Checkpoints, _ => new Dictionary<string, Tensor> { ["outputs"] = rand(3, 2) }, stop.Token));
        }

        Assert.Equal(before, Tensor.TotalCount);
        var result = new Trainer(network, TrainingSamples.Options, CPU).Fit(
            _data, checkpoints: Checkpoints,
            afterEpoch: _ => new Dictionary<string, Tensor> { ["outputs"] = rand(3, 2), ["more"] = ones(1) },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(before + 2, Tensor.TotalCount);
        result.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void ATensorOfAnUnsupportedTypeCannotBeStored()
    {
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        var error = Assert.Throws<ArgumentException>(() => new Trainer(network, TrainingSamples.Options, CPU).Fit(
            _data, afterEpoch: _ => new Dictionary<string, Tensor> { ["mask"] = ones(3, ScalarType.Bool) },
            cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("'mask' is Bool", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 9)]
    [InlineData(4, 2)]
    [InlineData(7, 1)]
    [InlineData(20, 1)]
    public void AtMostTheIntervalIsLostAndNoMoreCheckpointsAreWrittenThanThatNeeds(int minutesPerBatch, int batches)
    {
        var clock = new SetClock();
        var (lost, maxLost, written) = (0, 0, 0);
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        TrainingSamples.Fit(network, _data, checkpoints: Checkpoints with { Clock = clock }, onReport: _ =>
        {
            clock.Now += TimeSpan.FromMinutes(minutesPerBatch);
            if (System.IO.File.Exists(File))
            {
                // Written after the previous batch.
                System.IO.File.Delete(File);
                (lost, written) = (0, written + 1);
            }

            lost += minutesPerBatch;
            maxLost = Math.Max(maxLost, lost);
        });
        Assert.Equal(batches * minutesPerBatch, maxLost);
        Assert.True(maxLost <= 10 || batches == 1);
        Assert.Equal((Batches - 1) / batches, written);
    }

    [Fact]
    public void NoCheckpointIsWrittenWithinTenMinutesUnlessTheTrainingIsCancelled()
    {
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        TrainingSamples.Fit(network, _data, onReport: _ => Assert.False(System.IO.File.Exists(File)), checkpoints: Checkpoints);
        Cancel(r => (r.Epoch, r.Batch) == (2, 1));
        Assert.True(System.IO.File.Exists(File));
    }

    [Fact]
    public void AFinishedTrainingStaysInItsCheckpointUntilItsResultsAreStoredAndIsNotRepeated()
    {
        var checkpoints = Checkpoints with { RemoveAtEnd = false };
        using var first = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        var cancelled = TestContext.Current.CancellationToken;
        using var trained = new Trainer(first, TrainingSamples.Options, CPU).Fit(
            _data, null, checkpoints, epoch => new Dictionary<string, Tensor> { ["epoch"] = tensor(epoch, ScalarType.Int64) }, cancelled);
        using var second = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, seed: 99);
        using var read = new Trainer(second, TrainingSamples.Options, CPU).Fit(
            _data, new OnReport(r => Assert.Fail($"{r} was trained again")), checkpoints,
            epoch => throw new InvalidOperationException($"{epoch}"), cancelled);
        Assert.Equal(trained.Log.Epochs, read.Log.Epochs);
        Assert.Equal(6, read.OutputsByName["epoch"].item<long>());
        Assert.Equal(TrainingSamples.State(first), TrainingSamples.State(second));
        checkpoints.Remove();
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void ADamagedCheckpointIsDiscardedWithANoticeWhereverItIsDamagedAndTheTrainingRestarts()
    {
        var options = TrainingSamples.Options with { Epochs = 1 };
        var expected = TrainingSamples.Trained(_data, options);
        TrainingSamples.Trained(_data, options, TrainingSamples.AfterEveryBatch(File));
        var whole = System.IO.File.ReadAllBytes(File);
        foreach (var length in new[] { 0, 5, 20, whole.Length / 2, whole.Length - 1 })
            AssertDiscarded(whole[..length], $"cut at {length}");
        foreach (var position in new[] { 0, 9, 40, whole.Length / 2, whole.Length - 1 })
        {
            var changed = whole.ToArray();
            changed[position] ^= 1;
            AssertDiscarded(changed, $"changed at {position}");
        }

        void AssertDiscarded(byte[] bytes, string damage)
        {
            System.IO.File.WriteAllBytes(File, bytes);
            _notices.Clear();
            Assert.True(expected.SequenceEqual(TrainingSamples.Trained(_data, options, Checkpoints)), damage);
            var notice = Assert.Single(_notices);
            Assert.StartsWith($"The checkpoint {File} is discarded, because it is damaged", notice, StringComparison.Ordinal);
            Assert.EndsWith("the training starts again from the beginning.", notice, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(_folder.Path));
        }
    }

    [Fact]
    public void ACheckpointOfAnotherTrainingIsDiscardedWithTheDifference()
    {
        var options = TrainingSamples.Options with { Epochs = 1 };
        using var otherSamples = TrainingSamples.Make(seed: 2);
        Assert.Contains("other training samples", ReadNotice(TrainingSamples.Network, options, otherSamples), StringComparison.Ordinal);
        Assert.Contains("\"seed\":5", ReadNotice(TrainingSamples.Network, options with { Seed = 6 }, _data), StringComparison.Ordinal);
        Assert.Contains("\"fusion\":\"attention\"",
            ReadNotice(TrainingSamples.Network with { Fusion = Fusion.Concatenation }, options, _data), StringComparison.Ordinal);

        string ReadNotice(PstnnOptions networkOptions, TrainingOptions trainingOptions, TrainDataset data)
        {
            TrainingSamples.Trained(_data, options, TrainingSamples.AfterEveryBatch(File));
            _notices.Clear();
            using var network = Pstnn.Create(networkOptions, TinyNetwork.Shape, 1);
            using var uninterrupted = Pstnn.Create(networkOptions, TinyNetwork.Shape, 1);
            TrainingSamples.Fit(network, data, trainingOptions, checkpoints: Checkpoints);
            TrainingSamples.Fit(uninterrupted, data, trainingOptions);
            Assert.Equal(TrainingSamples.State(uninterrupted), TrainingSamples.State(network));
            return Assert.Single(_notices);
        }
    }

    [Theory]
    [InlineData("\"version\":2,", "\"version\":3,", "another version")]
    [InlineData("\"version\":2,", "", "another version")]
    [InlineData("\"steps\":", "\"stages\":", "cannot be read")]
    [InlineData("\"batches\":0", "\"batches\":-1", "no training can")]
    [InlineData("\"steps\":3", "\"steps\":-3", "no training can")]
    public void ACheckpointOfAnotherFormatOrWithImpossibleNumbersIsDiscarded(string text, string replacement, string reason)
    {
        var options = TrainingSamples.Options with { Epochs = 2 };
        using (var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, options.Seed))
        using (var stop = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => new Trainer(network, options, CPU).Fit(
                _data, new OnReport(r => { if (r.Batch == 3) stop.Cancel(); }), Checkpoints, cancellationToken: stop.Token));
        var (about, tensors) = ReadFile();
        Assert.Contains(text, about, StringComparison.Ordinal);
        TensorFile.Write(File, "training checkpoint", about.Replace(text, replacement, StringComparison.Ordinal), tensors);
        var trained = TrainingSamples.Trained(_data, options, Checkpoints);
        Assert.Contains(reason, Assert.Single(_notices), StringComparison.Ordinal);
        Assert.Equal(TrainingSamples.Trained(_data, options), trained);
    }

    [Fact]
    public void TemporaryFilesOfAKilledWriterAreRemoved()
    {
        System.IO.File.WriteAllText(_folder.File(".trial.checkpoint.0123.tmp"), "half a checkpoint");
        System.IO.File.WriteAllText(_folder.File(".other.checkpoint.0123.tmp"), "another training's, which may still be running");
        TrainingSamples.Trained(_data, TrainingSamples.Options with { Epochs = 1 }, Checkpoints);
        Assert.Equal([".other.checkpoint.0123.tmp"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void ANetworkClassifierResumesFromItsCheckpointAndReturnsTheStoredTensors()
    {
        Pstnn Network() => Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        NetworkClassifier Make(CancellationTokenSource? stop) => new(Network(), TrainingSamples.Options, CPU)
        {
            Checkpoints = Checkpoints,
            Training = new OnReport(r => { if (r.Epoch == 4) stop?.Cancel(); }),
            AfterEpoch = epoch => epoch == 3 ? new Dictionary<string, Tensor> { ["half-way"] = ones(3) } : null,
        };

        using (var stop = new CancellationTokenSource())
        using (var cancelled = Make(stop))
        {
            Assert.Throws<OperationCanceledException>(() => cancelled.Fit(_data, cancellationToken: stop.Token));
            Assert.Null(cancelled.Log);
        }

        using var resumed = Make(null);
        resumed.Fit(_data, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(6, resumed.Log!.Epochs.Count);
        Assert.Equal(3, resumed.HalfWayOutputs["half-way"].sum().item<float>());
        Assert.Equal(TrainingSamples.Trained(_data, TrainingSamples.Options), TrainingSamples.State((Pstnn)resumed.Network));
    }

    private void Cancel(Func<EpochReport, bool> when)
    {
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, TrainingSamples.Options.Seed);
        using var stop = new CancellationTokenSource();
        var progress = new OnReport(r =>
        {
            if (when(r))
                stop.Cancel();
        });
        Assert.Throws<OperationCanceledException>(
            () => new Trainer(network, TrainingSamples.Options, CPU).Fit(_data, progress, Checkpoints, cancellationToken: stop.Token));
    }

    private (string About, IReadOnlyList<(string Name, Tensor Tensor)> Tensors) ReadFile() => TensorFile.Read(File, "training checkpoint");

    private static IEnumerable<EpochResult> WithoutTimes(TrainingLog log) => log.Epochs.Select(epoch => epoch with { Seconds = 0 });

    /// <summary>A clock that stands still until it is set.</summary>
    private sealed class SetClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}

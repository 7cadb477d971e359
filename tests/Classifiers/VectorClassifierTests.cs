using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Classifiers;

/// <summary>What holds for every kind of vector, projection and decision.</summary>
[Collection(TensorCollection.Name)]
public sealed class VectorClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => [.. VectorClassifierKinds.All.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void HeldOutSamplesOfSeparableDevicesAreNamedRightBeforeAndAfterSavingAndLoading(string kind)
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples();
        using var train = devices.Train();
        var (batch, labels) = devices.Test();
        using var classifier = Make(kind, devices);
        Assert.Throws<InvalidOperationException>(() => classifier.Scores(batch));
        Assert.Throws<InvalidOperationException>(() => classifier.Save(_folder.File("early")));
        classifier.Fit(train);
        using var scores = classifier.Scores(batch);
        Assert.Equal([batch.Segments.shape[0], devices.Devices.Count], scores.shape);
        Assert.Equal(ScalarType.Float32, scores.dtype);
        Assert.Equal(labels.data<long>(), scores.argmax(1).data<long>());

        var path = _folder.File("classifier");
        classifier.Save(path);
        using (var loaded = VectorClassifier.Load(path, CPU))
        using (var scoresOfLoaded = loaded.Scores(batch))
            Assert.True(scores.Equals(scoresOfLoaded), kind);
        AssertDamageIsReported(path);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AnAnswerDependsOnTheSampleAloneAndChangesNoParameter(string kind)
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples();
        using var train = devices.Train();
        var (batch, _) = devices.Test();
        using var classifier = Make(kind, devices);
        classifier.Fit(train);
        classifier.Save(_folder.File("before"));
        using var together = classifier.Scores(batch);
        using var alone = new SampleBatch(batch.Supervectors.narrow(0, 4, 1), batch.Segments.narrow(0, 4, 1));
        using var altered = new SampleBatch(batch.Supervectors * 100, batch.Segments * -3);
        classifier.Scores(altered).Dispose();
        using var single = classifier.Scores(alone);

        // Products of one and of many rows may add in another order: float64 rounding, far below this, and once to float32.
        var difference = (together.narrow(0, 4, 1) - single).abs().max().item<float>();
        Assert.True(difference <= 1e-5 * together.abs().max().item<float>(), $"{kind}: {difference}");
        classifier.Save(_folder.File("after"));
        Assert.Equal(File.ReadAllBytes(_folder.File("before")), File.ReadAllBytes(_folder.File("after")));

        // Another training of the same settings gives the same bits.
        using var again = Make(kind, devices);
        again.Fit(train);
        again.Save(_folder.File("again"));
        Assert.Equal(File.ReadAllBytes(_folder.File("before")), File.ReadAllBytes(_folder.File("again")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void DegenerateTrainingSamplesGiveFiniteScores(string kind)
    {
        foreach (var (name, make) in Degenerate)
        {
            using var scope = NewDisposeScope();
            using var devices = new DeviceSamples(devices: 2);
            using var train = make(devices);
            var (batch, _) = devices.Test();
            using var classifier = Make(kind, devices);
            classifier.Fit(train);
            using var scores = classifier.Scores(batch);
            Assert.True(scores.isfinite().all().item<bool>(), $"{kind}: {name}");
        }
    }

    [Fact]
    public void EveryKindOfPartIsTested()
    {
        var used = VectorClassifierKinds.All.Values
            .SelectMany(options => new Options[] { options.Vectors, options.Decision }.Concat(options.Projections))
            .Select(part => part.GetType()).ToHashSet();
        Type[] bases = [typeof(VectorOptions), typeof(ProjectionOptions), typeof(DecisionOptions)];
        var all = typeof(VectorOptions).Assembly.GetTypes().Where(type => !type.IsAbstract && bases.Any(b => b.IsAssignableFrom(type)));
        Assert.Empty(all.Except(used).Select(type => type.Name));
    }

    [Fact]
    public void SettingsComeBackFromJsonWithTheirParts()
    {
        foreach (var (kind, options) in VectorClassifierKinds.All)
        {
            var text = Json.WriteCompact<ClassifierOptions>(options);
            Assert.Equal(text, Json.WriteCompact(Json.Read<ClassifierOptions>(text)));
            Assert.Empty(options.Problems());
            Assert.Contains("\"kind\":\"vector\"", text, StringComparison.Ordinal);
            Assert.NotNull(kind);
        }
    }

    [Fact]
    public void ATrainingThatIsCancelledKeepsTheEarlierOne()
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples();
        using var train = devices.Train();
        var (batch, _) = devices.Test();
        using var classifier = Make("i-vectors, PLDA", devices);
        classifier.Fit(train);
        using var before = classifier.Scores(batch);
        using var other = devices.Train(sentences: 2);
        using var source = new CancellationTokenSource();
        var reports = 0;
        var progress = new CancelAfter(() =>
        {
            if (++reports == 5)
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => classifier.Fit(other, progress, source.Token));
        using var after = classifier.Scores(batch);
        Assert.True(before.Equals(after));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void TensorsAreFreed()
    {
        using var devices = new DeviceSamples();
        using var train = devices.Train();
        var (batch, labels) = devices.Test();
        using (batch)
        using (labels)
        {
            foreach (var kind in VectorClassifierKinds.All.Keys)
            {
                var before = LiveTensors.CountSettled();
                using (var classifier = Make(kind, devices))
                {
                    classifier.Fit(train);
                    classifier.Fit(train);
                    classifier.Scores(batch).Dispose();
                    classifier.Save(_folder.File("x"));
                    VectorClassifier.Load(_folder.File("x"), CPU).Dispose();
                }

                Assert.True(before == Tensor.TotalCount, $"{kind}: {Tensor.TotalCount - before} tensors are left");
            }
        }
    }

    [Fact]
    public void AFileWithOtherTensorsThanItsSettingsIsRefused()
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples();
        using var train = devices.Train();
        using var classifier = Make("LDA", devices);
        classifier.Fit(train);
        var path = _folder.File("file");
        classifier.Save(path);
        var (about, tensors) = TensorFile.Read(path, "vector classifier");
        void Refused(string reason, string text, IReadOnlyList<(string, Tensor)> entries)
        {
            TensorFile.Write(path, "vector classifier", text, entries);
            Assert.Contains(reason, Assert.Throws<ModelFileException>(() => VectorClassifier.Load(path, CPU)).Message,
                StringComparison.Ordinal);
        }

        Refused("missing", about, [.. tensors.Skip(1)]);
        Refused("of shape", about, [tensors[0], (tensors[1].Name, tensors[1].Tensor.t().contiguous()), tensors[2]]);
        Refused("not finite", about, [(tensors[0].Name, tensors[0].Tensor * double.NaN), .. tensors.Skip(1)]);
        Refused("does not belong", about, [.. tensors, ("decision.other", ones(1, ScalarType.Float64, CPU))]);
        Refused("cannot be used", "{}", tensors);
        Refused("devices", about.Replace("\"classes\":5", "\"classes\":1", StringComparison.Ordinal), tensors);
    }

    [Fact]
    public void SamplesOfAnotherFrontEndAreRefused()
    {
        using var scope = NewDisposeScope();
        using var devices = new DeviceSamples();
        using var train = devices.Train();
        using var classifier = Make("LDA", devices);
        classifier.Fit(train);
        using var other = new SampleBatch(zeros(2, 5, device: CPU), zeros(2, 3, 4, device: CPU));
        Assert.Contains("same front end", Assert.Throws<ArgumentException>(() => classifier.Scores(other)).Message,
            StringComparison.Ordinal);
    }

    private static IReadOnlyList<(string Name, Func<DeviceSamples, TrainDataset> Make)> Degenerate { get; } =
    [
        ("one sample a device", devices => devices.Train(sentences: 1, each: 1)),
        ("a constant column", devices => devices.Train(change: segments => segments.select(2, 1).fill_(3))),
        ("equal samples", devices => devices.Train(change: segments => segments.copy_(segments.narrow(0, 0, 1).clone()))),
        ("each sample twice", devices => devices.Train(
            each: 4, change: segments => segments.view(-1, 2, DeviceSamples.Frames, DeviceSamples.Columns).select(1, 1)
                .copy_(segments.view(-1, 2, DeviceSamples.Frames, DeviceSamples.Columns).select(1, 0)))),
    ];

    private sealed class CancelAfter(Action report) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => report();
    }

    private static VectorClassifier Make(string kind, DeviceSamples devices) =>
        new(VectorClassifierKinds.All[kind], devices.Context);

    private static void AssertDamageIsReported(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(path, Assert.Throws<ModelFileException>(() => VectorClassifier.Load(path, CPU)).Path);
    }
}

using DeviceId.Audio;
using DeviceId.Classifiers;
using DeviceId.Clustering;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Mixtures;
using DeviceId.Models;
using DeviceId.Tests.Classifiers;
using DeviceId.Tests.Features;
using DeviceId.Tests.Training;
using DeviceId.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Models;

/// <summary>
/// The child processes of <see cref="PlacedTensorsTests"/>: the library runs on the CPU while libtorch's default device is <c>meta</c>,
/// whose tensors have shapes but no values.
/// </summary>
/// <remarks>
/// A tensor created without an explicit device is then on meta. Most operations on it and a tensor on the CPU throw; the others return a
/// result on meta. In float32, as in normal use. Inputs are created before the default device is set, so they are on the CPU.
/// </remarks>
[Collection(TensorCollection.Name)]
public sealed class PlacedTensorsProcess
{
    internal const string Variable = "DEVICEID_TEST_PLACED_TENSORS";

    /// <summary>
    /// A batch size that the kernels accept, with a width that fills whole registers; a small batch, with a width that does not.
    /// </summary>
    private static readonly (int Samples, int Embedding)[] Sizes = [(48, 32), (3, 20)];

    [Fact(Explicit = true)]
    public void AnUnplacedTensorIsCaught()
    {
        SkipUnlessChildProcess();
        using var scope = NewDisposeScope();
        var placed = ones(3);
        var index = ones(1, ScalarType.Int64);
        OnMeta(() =>
        {
            Assert.True(IsCaught(() => placed + ones(3)));
            Assert.True(IsCaught(() => placed.index_select(0, ones(1, ScalarType.Int64))));
            Assert.True(IsCaught(() => cat([placed, ones(3)])));
            Assert.False(IsCaught(() => placed + ones(3, device: CPU)));
            Assert.False(IsCaught(() => placed.index_select(0, index)));
        });
    }

    [Fact(Explicit = true)]
    public void FeaturesMixturesAndClassifiers()
    {
        SkipUnlessChildProcess();
        using var folder = new TemporaryFolder();
        var corpus = SimulatedCorpus.Open(SimulatedCorpusOptions.Small with { SecondsPerSentence = 1.5 }, folder.Path);
        var split = Folds.LeaveOneSentenceOut(corpus)[0];
        var clip = AudioFile.Read(split.Test.Recordings[0].Path);
        var options = new FrontEndOptions
        {
            Background = new GmmOptions { Components = 4 }, SegmentFrames = 16, TrainingWindows = [new(16, 16)],
            Features = [MfccOptions.AsWritten, new BandEnergyDifferenceOptions { Bands = 10 }],
        };
        OnMeta(() =>
        {
            using var scope = NewDisposeScope();
            foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
                AssertPlaced("cepstra", new Mfcc(MfccOptions.AsWritten with { Cmvn = true }, CPU, type).Extract(clip));
            foreach (var (name, feature) in EveryFeatureTests.All)
                AssertPlaced(name, feature.Create(CPU).Extract([clip])[0]);
            Assert.All(LongTermSpectrum.Compute(clip).Levels, level => Assert.True(double.IsFinite(level)));
            Mixtures(options, new Mfcc(MfccOptions.AsWritten, CPU).Extract(clip), folder);
            foreach (var selection in Enum.GetValues<FrameSelection>())
            {
                // The first time features are computed and stored, the second time they are read from the store.
                var store = new FeatureStore(folder.File("features"), options.CreateFeatures(CPU));
                var (frontEnd, samples) = FrontEnd.Fit(split.Train, options with { Frames = selection }, store, CPU);
                using var test = frontEnd.Transform(split.Test);
                using var one = frontEnd.Transform(clip);
                AssertPlaced("training samples", samples.Supervectors, samples.Segments, samples.Labels);
                AssertPlaced("other samples", test.Supervectors, test.Segments, test.Labels, one.Supervectors, one.Segments);
                if (selection == FrameSelection.All)
                    Classifiers(samples, one, frontEnd.Background!, folder);
                samples.Dispose();
                frontEnd.Dispose();
            }
        });
    }

    [Fact(Explicit = true)]
    public void Networks()
    {
        SkipUnlessChildProcess();
        using var scope = NewDisposeScope();
        var steps = new List<Action>();
        foreach (var (samples, embedding) in Sizes)
        {
            var batch = TinyNetwork.Batch(samples);
            foreach (var row in TinyNetwork.Branches)
            {
                foreach (var fusion in Enum.GetValues<Fusion>())
                {
                    var (spatial, temporal) = row.Data;
                    var options = TinyNetwork.Options with { Spatial = spatial, Temporal = temporal, Fusion = fusion };
                    var network = Pstnn.Create(options with { Embedding = embedding }, TinyNetwork.Shape, 1);
                    steps.Add(Step($"{spatial}, {temporal}, {fusion}", network, batch));
                }
            }

            var multiFeature = (randn(samples, 72), randn([samples, 8, 19]), batch.Labels);
            steps.Add(Step("multi-feature CNN", MultiFeatureCnnTests.Tiny.Create(MultiFeatureCnnTests.Shape, 1), multiFeature));
            var spectra = (empty([samples, 0], device: CPU), randn([samples, 9, 18]), batch.Labels);
            foreach (var options in SpectrumNetworksTests.Tiny)
                steps.Add(Step(options.GetType().Name, options.Create(SpectrumNetworksTests.Shape, 1), spectra));
        }

        Assert.Equal(2 * (11 * 2 + 1 + 2), steps.Count);
        OnMeta(() => steps.ForEach(step => step()));
    }

    [Fact(Explicit = true)]
    public void DeepFeaturesAndClustering()
    {
        SkipUnlessChildProcess();
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var frames = Enumerable.Range(0, 4).Select(_ => randn(20, 3)).ToList();
        var options = new DeepFeatureOptions { Context = 3, FirstWidth = 8, SecondWidth = 8, Bottleneck = 2, Epochs = 1 };
        var corpus = SimulatedCorpus.Open(SimulatedCorpusOptions.Small with { SecondsPerSentence = 1.5 }, folder.Path);
        OnMeta(() =>
        {
            foreach (var labels in new int[]?[] { null, [0, 1, 0, 1] })
            {
                using var features = DeepFeatures.Fit(frames, labels, options, CPU);
                features.Save(folder.File("deep"));
                using var loaded = DeepFeatures.Load(folder.File("deep"), CPU);
                AssertPlaced("deep features", features.Compute(frames[0]), loaded.Compute(frames[0]));
            }

            foreach (var kind in Enum.GetValues<RecordingVectorKind>())
            {
                var (vectors, _) = new RecordingVectors(kind, folder.File("features"), seed: 1, CPU).Compute(corpus.Recordings);
                AssertPlaced($"{kind}", vectors);
                Assert.Equal(0, SpectralClustering.Cluster(vectors, clusters: null, seed: 1).Labels[0]);
            }
        });
    }

    [Fact(Explicit = true)]
    public void Training()
    {
        SkipUnlessChildProcess();
        using var folder = new TemporaryFolder();
        using var data = TrainingSamples.Make(samples: 80);
        using var network = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        using var resumed = Pstnn.Create(TrainingSamples.Network, TinyNetwork.Shape, 1);
        OnMeta(() =>
        {
            using var scope = NewDisposeScope();
            var options = TrainingSamples.Options with { Epochs = 2, BatchSize = 40 };
            var checkpoints = TrainingSamples.AfterEveryBatch(folder.File("checkpoint"));
            Assert.Equal(2, TrainingSamples.Fit(network, data, options, checkpoints: checkpoints).Epochs.Count);
            // Resumed from the checkpoint, with no epoch left to train.
            Assert.Equal(2, TrainingSamples.Fit(resumed, data, options, checkpoints: checkpoints).Epochs.Count);
            foreach (var trained in new[] { network, resumed })
            {
                AssertPlaced("trained", [.. trained.parameters(), .. trained.buffers()]);
                var predictions = trained.Predict(data.Supervectors, data.Segments, device: CPU);
                AssertPlaced("predictions", predictions.Spatial!, predictions.Temporal!, predictions.Deep);
                AssertPlaced("weights", trained.AttentionWeights(data.Supervectors, data.Segments, device: CPU)!);
                var empty = trained.Predict(data.Supervectors.narrow(0, 0, 0), data.Segments.narrow(0, 0, 0), device: CPU);
                AssertPlaced("empty prediction", empty.Deep);
            }
        });
    }

    /// <summary>One training step and one prediction, to run after the default device is set.</summary>
    private static Action Step(string name, DeviceNetwork network, (Tensor Supervectors, Tensor Segments, Tensor Labels) batch) => () =>
    {
        using var scope = NewDisposeScope();
        using var optimiser = new Adam(network.parameters());
        var output = network.call(batch.Supervectors, batch.Segments);
        Tensor[] heads = [.. new[] { output.Spatial, output.Temporal, output.Deep }.OfType<Tensor>()];
        AssertPlaced($"outputs of {name}", heads);
        var loss = new DeepAndShallowLoss(DeepAndShallowLossOptions.Paper).Compute(output, batch.Labels);
        AssertPlaced($"loss of {name}", loss);
        optimiser.ZeroGradients();
        loss.backward();
        optimiser.Step(0.01);
        foreach (var (parameter, tensor) in network.named_parameters())
            AssertPlaced($"{parameter} of {name}", tensor, tensor.grad!);
        AssertPlaced($"statistics of {name}", [.. network.buffers()]);
        AssertPlaced($"moments of {name}", [.. optimiser.FirstMoments, .. optimiser.SecondMoments]);

        AssertPlaced($"prediction of {name}", network.Predict(batch.Supervectors, batch.Segments, device: CPU).Deep);
        if (network.AttentionWeights(batch.Supervectors, batch.Segments, device: CPU) is { } weights)
            AssertPlaced($"attention of {name}", weights);
        network.Dispose();
    };

    private static void Mixtures(FrontEndOptions options, Tensor frames, TemporaryFolder folder)
    {
        foreach (var start in Enum.GetValues<GmmStart>())
        {
            foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
            {
                using var trained = new GmmTrainer(options.Background with { Start = start }, CPU, type).Fit([frames]).Model;
                trained.Save(folder.File("mixture"));
                using var background = DiagonalGmm.Load(folder.File("mixture"));
                AssertPlaced("mixture", background.Means, background.Weights, background.Variances);
                AssertPlaced("of frames", background.LogLikelihood(frames), background.Posteriors(frames));
                using var adaptation = new MapAdaptation(background, device: CPU, precision: type);
                AssertPlaced("adapted", adaptation.Means([frames, frames.narrow(0, 0, 20), frames.narrow(0, 0, 0)]));
            }
        }
    }

    private static void Classifiers(TrainDataset samples, SampleBatch test, DiagonalGmm background, TemporaryFolder folder)
    {
        var path = folder.File("classifier");
        var (context, mixture) = (new VectorContext(background, 1, CPU), new GmmOptions { Components = 2 });
        Func<IDeviceClassifier> loadVectors = () => VectorClassifier.Load(path, CPU);
        var vectorClassifiers = VectorClassifierKinds.All.Values
            .Select(settings => ((IDeviceClassifier)new VectorClassifier(settings, context), loadVectors));
        foreach (var (classifier, load) in new (IDeviceClassifier, Func<IDeviceClassifier>)[]
        {
            (new GmmMaximumLikelihood(new() { Mixture = mixture }, CPU), () => GmmMaximumLikelihood.Load(path, CPU)),
            (new GmmMutualInformation(new() { Mixture = mixture, Epochs = 1 }, 1, CPU), () => GmmMutualInformation.Load(path, CPU)),
            (new GmmUbm(background, 10, CPU), () => GmmUbm.Load(path, CPU)),
            (new GsvSvm(), () => GsvSvm.Load(path)),
            (new BedSvm(), () => BedSvm.Load(path)),
            (new StatisticsPoolingSvm(), () => StatisticsPoolingSvm.Load(path)),
        }.Concat(vectorClassifiers))
        {
            using (classifier)
            {
                classifier.Fit(samples);
                classifier.Save(path);
                using var loaded = load();
                AssertPlaced(classifier.GetType().Name, classifier.Scores(test), loaded.Scores(test));
            }
        }

        var options = new SvmOptions { Strategy = SvmStrategy.OneAgainstRest };
        using var machine = SupportVectorMachine.Fit(samples.Supervectors, samples.Labels, samples.Devices.Count, options);
        AssertPlaced("one against rest", machine.Scores(test.Supervectors));
    }

    private static void SkipUnlessChildProcess() =>
        Assert.SkipWhen(
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)),
            "This is a child process of PlacedTensorsTests, not a test.");

    private static void OnMeta(Action work)
    {
        set_default_device(META);
        try
        {
            // Otherwise the test would prove nothing.
            using (var unplaced = ones(1))
                Assert.Equal(DeviceType.META, unplaced.device_type);
            work();
        }
        finally
        {
            set_default_device(CPU);
        }
    }

    private static bool IsCaught(Func<Tensor> compute)
    {
        try
        {
            using var result = compute();
            return result.device_type == DeviceType.META;
        }
        catch (System.Runtime.InteropServices.ExternalException error)
        {
            return error.Message.Contains("meta", StringComparison.Ordinal);
        }
    }

    /// <summary>Asserts that the tensors are on the CPU and finite.</summary>
    private static void AssertPlaced(string name, params Tensor[] tensors)
    {
        Assert.NotEmpty(tensors);
        foreach (var tensor in tensors)
        {
            Assert.True(tensor.device_type == DeviceType.CPU, $"{name}: {tensor.device_type}");
            Assert.True(tensor.isfinite().all().item<bool>(), $"{name} is not finite");
        }
    }
}

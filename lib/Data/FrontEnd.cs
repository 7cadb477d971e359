using DeviceId.Corpora;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Turns recordings into samples; everything it has learnt, it has learnt from a <see cref="TrainSet"/>.</summary>
/// <remarks>
/// 1 recordings -> features (frame, coefficient)
/// 2 features -> segments (sample, frame, coefficient)
/// 3 segments -> means adapted from the background model -> supervectors (sample, component x coefficient)
/// 4 both standardised with means and deviations of the training samples
/// </remarks>
public sealed class FrontEnd : IDisposable
{
    // A value that never changes in training tells nothing: its deviation is taken as at least this, so that it stays near zero.
    private const float SmallestDeviation = 1e-6f;

    private readonly FeatureStore _store;
    private readonly Device _device;
    private readonly Standardiser? _forSupervectors;
    private readonly Standardiser? _forSegments;

    private FrontEnd(FrontEndOptions options, FeatureStore store, Device device, DiagonalGmm background, GmmTraining? training, Standardiser? forSupervectors, Standardiser? forSegments) =>
        (Options, _store, _device, Background, BackgroundTraining, _forSupervectors, _forSegments) = (options, store, device, background, training, forSupervectors, forSegments);

    /// <summary>The settings.</summary>
    public FrontEndOptions Options { get; }

    /// <summary>The background model, trained on the training recordings unless one was given.</summary>
    public DiagonalGmm Background { get; }

    /// <summary>How the background model was trained; null when it was given.</summary>
    public GmmTraining? BackgroundTraining { get; }

    /// <summary>Learns background model and standardisation from training recordings, and returns their samples with what was learnt.</summary>
    /// <param name="train">The training recordings.</param>
    /// <param name="options">Settings.</param>
    /// <param name="store">Features, from the cache or computed; its options must be those of <paramref name="options"/>.</param>
    /// <param name="device">Where the arithmetic runs; the samples come back on the CPU.</param>
    /// <param name="background">A background model from elsewhere (<see cref="BackgroundSource"/>): then none is trained. It is copied and stays the caller's.</param>
    /// <param name="progress">Told about features and background model.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">The store has other options, the given model another size, or no recording has a frame.</exception>
    public static (FrontEnd FrontEnd, TrainDataset Samples) Fit(
        TrainSet train, FrontEndOptions options, FeatureStore store, Device device, DiagonalGmm? background = null, IProgress<WorkProgress>? progress = null)
    {
        options.Validate();
        if (store.Options != options.Mfcc)
            throw new ArgumentException($"The feature store holds {store.Options}, the settings ask for {options.Mfcc}.", nameof(store));

        if (background is not null)
            BackgroundSource.Check(background, options, nameof(background));

        var features = store.Load(train.Recordings, progress);
        try
        {
            var training = background is null ? new GmmTrainer(options.Background, device).Fit(features, progress) : null;
            background = training?.Model ?? new DiagonalGmm(background!.Weights, background.Means, background.Variances);
            using var scope = NewDisposeScope();
            var (segments, recordingOf) = Segmentation.Cut(features, options.SegmentFrames, options.TrainingWindows);
            if (recordingOf.Count == 0)
                throw new ArgumentException("No training recording has a single frame: all are shorter than one frame of the features.", nameof(train));
            var supervectors = Supervectors(segments, options, background, device);
            var forSupervectors = options.Supervectors switch
            {
                SupervectorStandardisation.None => null,
                SupervectorStandardisation.EachValue => Standardiser.Fit(supervectors, [0], [0], SmallestDeviation),
                _ => Standardiser.Fit(supervectors, [0], [0, 1], SmallestDeviation),
            };
            var forSegments = options.StandardiseSegments ? Standardiser.Fit(segments, [0, 1], [0, 1], SmallestDeviation) : null;
            var frontEnd = new FrontEnd(options, store, device, background, training, forSupervectors, forSegments);
            return (frontEnd, new TrainDataset(
                Apply(forSupervectors, supervectors), Apply(forSegments, segments), Labels(train.Recordings, recordingOf, train.Devices), recordingOf, train.Devices, train.Recordings));
        }
        finally
        {
            DisposeAll(features);
        }
    }

    /// <summary>Samples of recordings that the front end has not learnt from: segments follow one another without overlap.</summary>
    public TestDataset Transform(TestSet test, IProgress<WorkProgress>? progress = null)
    {
        var features = _store.Load(test.Recordings, progress);
        try
        {
            using var scope = NewDisposeScope();
            var (segments, recordingOf) = Segmentation.Cut(features, Options.SegmentFrames, [new SegmentWindow(Options.SegmentFrames, Options.SegmentFrames)]);
            var supervectors = Supervectors(segments, Options, Background, _device);
            return new TestDataset(
                Apply(_forSupervectors, supervectors), Apply(_forSegments, segments), Labels(test.Recordings, recordingOf, test.Devices), recordingOf, test.Devices, test.Recordings);
        }
        finally
        {
            DisposeAll(features);
        }
    }

    /// <summary>Frees the background model and the standardisation.</summary>
    public void Dispose()
    {
        Background.Dispose();
        _forSupervectors?.Dispose();
        _forSegments?.Dispose();
    }

    private static Tensor Supervectors(Tensor segments, FrontEndOptions options, DiagonalGmm background, Device device)
    {
        using var adaptation = new MapAdaptation(background, options.RelevanceFactor, device);
        using var means = adaptation.Means(segments);
        return Supervector.FromMeans(means, background, options.Scaling, centred: true);
    }

    private static Tensor Apply(Standardiser? standardiser, Tensor samples) => standardiser is null ? samples : standardiser.Apply(samples);

    private static Tensor Labels(IReadOnlyList<Recording> recordings, IReadOnlyList<int> recordingOf, IReadOnlyList<string> devices)
    {
        var label = devices.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => (long)pair.i);
        return tensor(recordingOf.Select(r => label[recordings[r].Device]).ToArray());
    }

    private static void DisposeAll(IEnumerable<Tensor> tensors)
    {
        foreach (var one in tensors)
            one.Dispose();
    }
}

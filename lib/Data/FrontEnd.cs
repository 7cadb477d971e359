using DeviceId.Audio;
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
    private const float MinStandardDeviation = 1e-6f;

    // Each step from segments to supervectors copies all of them, 2 GB at the paper's size: blocks need less memory and end sooner.
    private const int SegmentsAtOnce = 1024;

    private readonly FeatureStore _store;
    private readonly Standardiser? _forSupervectors;
    private readonly Standardiser? _forSegments;
    private readonly Lazy<MapAdaptation?> _adaptation;

    private FrontEnd(FrontEndOptions options, FeatureStore store, Device device, DiagonalGmm? background, GmmTraining? training,
        Standardiser? forSupervectors, Standardiser? forSegments) =>
        (Options, _store, Background, BackgroundTraining, _forSupervectors, _forSegments, _adaptation) =
            (options, store, background, training, forSupervectors, forSegments,
                new Lazy<MapAdaptation?>(() => Adaptation(background, options, device)));

    /// <summary>The settings.</summary>
    public FrontEndOptions Options { get; }

    /// <summary>
    /// The background model, trained on the training recordings unless one was given; null where no supervectors are made.
    /// </summary>
    public DiagonalGmm? Background { get; }

    /// <summary>How the background model was trained; null when it was given.</summary>
    public GmmTraining? BackgroundTraining { get; }

    /// <summary>
    /// Learns background model and standardisation from training recordings, and returns their samples with what was learnt.
    /// </summary>
    /// <param name="train">The training recordings.</param>
    /// <param name="options">Settings.</param>
    /// <param name="store">Features, from the cache or computed; its options must be those of <paramref name="options"/>.</param>
    /// <param name="device">Where the arithmetic runs; the samples come back on the CPU.</param>
    /// <param name="background">
    /// A background model from elsewhere (<see cref="BackgroundSource"/>): then none is trained. It is copied and stays the caller's.
    /// </param>
    /// <param name="progress">Told about features and background model.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">The store has other options, the given model another size, or no recording has a
    /// frame.</exception>
    /// <exception cref="CorpusException">Nothing could be learnt of a device: all its recordings are shorter than a frame.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the features that were finished are kept on the disk.</exception>
    internal static (FrontEnd FrontEnd, TrainDataset Samples) Fit(
        TrainSet train, FrontEndOptions options, FeatureStore store, Device device, DiagonalGmm? background = null,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        var asked = options.CreateFeatures(device).Description;
        if (store.Features.Description != asked)
            throw new ArgumentException(
                $"The feature store holds {store.Features.Description}, the settings ask for {asked}.", nameof(store));
        if (background is not null)
            BackgroundSource.Check(background, options, nameof(background));

        var features = Load(store, train.Recordings, options, progress, cancellationToken);
        var learnt = new List<IDisposable?>();
        try
        {
            using var scope = NewDisposeScope();
            var (training, model) = LearnBackground(features, options, device, background, progress, cancellationToken);
            learnt.Add(model);
            var (segments, recordingOf) = Segmentation.Cut(features, options.SegmentFrames, options.TrainingWindows, cancellationToken);
            if (recordingOf.Count == 0)
                throw new ArgumentException("No training recording has a single frame: all are shorter than one frame of the features.",
                    nameof(train));
            RequireEveryDevice(train, recordingOf);
            using var adaptation = Adaptation(model, options, device);
            var supervectors = Supervectors(segments, options, model, adaptation, cancellationToken);
            Standardiser Measured(Tensor samples, long[] meanAxes, long[] deviationAxes)
            {
                var standardiser = Standardiser.Fit(samples, meanAxes, deviationAxes, MinStandardDeviation, cancellationToken);
                learnt.Add(standardiser);
                return standardiser;
            }

            var forSupervectors = options.Supervectors switch
            {
                _ when !options.WithSupervectors => null,
                SupervectorStandardisation.None => null,
                SupervectorStandardisation.EachValue => Measured(supervectors, [0], [0]),
                _ => Measured(supervectors, [0], [0, 1]),
            };
            var forSegments = options.StandardiseSegments ? Measured(segments, [0, 1], [0, 1]) : null;
            var frontEnd = new FrontEnd(options, store, device, model, training, forSupervectors, forSegments);
            return (frontEnd, new TrainDataset(
                Apply(forSupervectors, supervectors, cancellationToken), Apply(forSegments, segments, cancellationToken),
                Labels(train.Recordings, recordingOf, train.Devices), recordingOf, train.Devices, train.Recordings));
        }
        catch
        {
            learnt.ForEach(part => part?.Dispose());
            throw;
        }
        finally
        {
            // At the paper's size gigabytes, which a training needs for other things.
            DisposeAll(features);
            ComputeDevice.ReturnFreedMemory();
        }
    }

    /// <summary>Samples of recordings that the front end has not learnt from: segments follow one another without overlap.</summary>
    /// <param name="test">The recordings.</param>
    /// <param name="progress">Told about features.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the features that were finished are kept on the disk.</exception>
    internal TestDataset Transform(TestSet test, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var features = Load(_store, test.Recordings, Options, progress, cancellationToken);
        try
        {
            return Samples(test, features, cancellationToken);
        }
        finally
        {
            DisposeAll(features);
        }
    }

    /// <summary>Samples of what has become of test recordings; nothing is kept on the disk.</summary>
    /// <param name="test">The recordings: whose they are.</param>
    /// <param name="clips">What is heard of each, in their order; a clip shorter than a frame gives no sample.</param>
    /// <param name="cancellationToken">Asked at least every few seconds.</param>
    /// <exception cref="ArgumentException">There are not as many clips as recordings, or the features cannot be computed from
    /// one.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal TestDataset Transform(TestSet test, IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken = default)
    {
        if (clips.Count != test.Recordings.Count)
            throw new ArgumentException($"There are {clips.Count} clips for {test.Recordings.Count} recordings.", nameof(clips));
        using var scope = NewDisposeScope();
        var features = _store.Compute(clips, cancellationToken);
        return Samples(test, [.. features.Select(matrix => FrameSelections.Select(matrix, Options.Frames))], cancellationToken);
    }

    /// <summary>Samples of a clip of which nothing is known.</summary>
    /// <param name="clip">The sound; shorter than a frame, it gives no sample.</param>
    public SampleBatch Transform(AudioClip clip)
    {
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        return Samples([FrameSelections.Select(_store.Features.Extract([clip])[0].cpu(), Options.Frames)], CancellationToken.None).Samples;
    }

    /// <summary>What was learnt, to be kept in a file; the tensors stay this object's.</summary>
    internal IReadOnlyList<(string Name, Tensor Tensor)> State =>
    [
        .. Background is null ? [] : new[] { ("weights", Background.Weights), ("means", Background.Means),
            ("variances", Background.Variances) },
        .. _forSupervectors is null ? []
            : new[] { ("supervectors.mean", _forSupervectors.Mean), ("supervectors.deviation", _forSupervectors.StandardDeviation) },
        .. _forSegments is null ? [] : new[] { ("segments.mean", _forSegments.Mean),
            ("segments.deviation", _forSegments.StandardDeviation) },
    ];

    /// <summary>The front end that <see cref="State"/> came from.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="store">Features of these settings.</param>
    /// <param name="device">Where the arithmetic runs.</param>
    /// <param name="state">Copied.</param>
    /// <exception cref="ArgumentException">Something is missing, superfluous, or of the wrong shape.</exception>
    internal static FrontEnd Restore(
        FrontEndOptions options, FeatureStore store, Device device, IReadOnlyList<(string Name, Tensor Tensor)> state)
    {
        var left = state.ToDictionary(entry => entry.Name, entry => entry.Tensor);
        Tensor Taken(string name, params long[] shape) =>
            left.Remove(name, out var tensor) && tensor.shape.SequenceEqual(shape) && tensor.isfinite().all().item<bool>()
            ? tensor.clone()
            : throw new ArgumentException($"'{name}' is missing or has not the shape ({string.Join(", ", shape)}) and finite values.");
        Standardiser? Both(bool wanted, string name, long[] mean, long[] deviation) =>
            !wanted ? null : new Standardiser(Taken($"{name}.mean", mean), Taken($"{name}.deviation", deviation));

        using var scope = NewDisposeScope();
        var (components, width) = ((long)options.Background.Components, (long)options.BackgroundColumns.Count);
        var each = options.Supervectors == SupervectorStandardisation.EachValue;
        var background = !options.WithSupervectors ? null
            : new DiagonalGmm(Taken("weights", components), Taken("means", components, width), Taken("variances", components, width));
        var forSupervectors = Both(options.WithSupervectors && options.Supervectors != SupervectorStandardisation.None, "supervectors",
            [1, components * width], [1, each ? components * width : 1]);
        var forSegments = Both(options.StandardiseSegments, "segments", [1, 1, options.Columns], [1, 1, options.Columns]);
        return left.Count == 0 ? new FrontEnd(options, store, device, background, null, forSupervectors, forSegments)
            : throw new ArgumentException($"'{left.Keys.First()}' is of no use to these settings.");
    }

    private TestDataset Samples(TestSet test, IReadOnlyList<Tensor> features, CancellationToken cancellationToken)
    {
        var (samples, recordingOf) = Samples(features, cancellationToken);
        using (samples)
            return new TestDataset(
                samples.Supervectors.alias(), samples.Segments.alias(), Labels(test.Recordings, recordingOf, test.Devices), recordingOf,
                    test.Devices, test.Recordings);
    }

    private (SampleBatch Samples, IReadOnlyList<int> RecordingOf) Samples(
        IReadOnlyList<Tensor> features, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<SegmentWindow> windows = [new(Options.SegmentFrames, Options.SegmentFrames)];
        var (segments, recordingOf) = Segmentation.Cut(features, Options.SegmentFrames, windows, cancellationToken);
        var supervectors = Supervectors(segments, Options, Background, _adaptation.Value, cancellationToken);
        Apply(_forSupervectors, supervectors, cancellationToken);
        Apply(_forSegments, segments, cancellationToken);
        return (new SampleBatch(supervectors.DetachFromDisposeScope(), segments.DetachFromDisposeScope()), recordingOf);
    }

    /// <summary>Frees the background model and the standardisation.</summary>
    public void Dispose()
    {
        if (_adaptation.IsValueCreated)
            _adaptation.Value?.Dispose();
        Background?.Dispose();
        _forSupervectors?.Dispose();
        _forSegments?.Dispose();
    }

    private static IReadOnlyList<Tensor> Load(
        FeatureStore store, IReadOnlyList<Recording> recordings, FrontEndOptions options, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var features = new List<Tensor>();
        foreach (var all in store.Load(recordings, progress, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            features.Add(FrameSelections.Select(all, options.Frames));
            if (!ReferenceEquals(all, features[^1]))
                all.Dispose();
        }

        features.ForEach(matrix => matrix.MoveToOuterDisposeScope());
        return features;
    }

    /// <summary>A class without a sample would be learnt as one that never occurs, without a word.</summary>
    private static void RequireEveryDevice(TrainSet train, IReadOnlyList<int> recordingOf)
    {
        var mute = train.Devices.Except(recordingOf.Distinct().Select(r => train.Recordings[r].Device)).ToList();
        if (mute.Count > 0)
            throw new CorpusException($"All training recordings of {string.Join(", ", mute)} are shorter than one frame of the features: nothing can be learnt of {(mute.Count == 1 ? "it" : "them")}. Add longer recordings, or leave {(mute.Count == 1 ? "the device" : "the devices")} out.");
    }

    private static (GmmTraining? Training, DiagonalGmm? Model) LearnBackground(
        IReadOnlyList<Tensor> features, FrontEndOptions options, Device device, DiagonalGmm? given, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (!options.WithSupervectors)
            return (null, null);
        if (given is not null)
            return (null, new DiagonalGmm(given.Weights, given.Means, given.Variances));
        using var scope = NewDisposeScope();
        var columns = features.Select(matrix => ForBackground(matrix, options)).ToList();
        var training = new GmmTrainer(options.Background, device).Fit(columns, progress, cancellationToken);
        return (training, training.Model);
    }

    /// <summary>The columns that the background model knows.</summary>
    private static Tensor ForBackground(Tensor features, FrontEndOptions options) =>
        features.narrow(-1, options.BackgroundColumns.First, options.BackgroundColumns.Count);

    /// <summary>Made once: its tables take longer than the adaptation of one recording.</summary>
    private static MapAdaptation? Adaptation(DiagonalGmm? background, FrontEndOptions options, Device device) =>
        background is null ? null : new MapAdaptation(background, options.RelevanceFactor, device);

    private static Tensor Supervectors(
        Tensor segments, FrontEndOptions options, DiagonalGmm? background, MapAdaptation? adaptation, CancellationToken cancellationToken)
    {
        var supervectors = empty([segments.shape[0], background is null ? 0 : background.Components * background.Dimension], device: CPU);
        if (background is null || adaptation is null)
            return supervectors;
        for (long at = 0; at < segments.shape[0]; at += SegmentsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(SegmentsAtOnce, segments.shape[0] - at);
            var means = adaptation.Means(ForBackground(segments.narrow(0, at, count), options), cancellationToken);
            supervectors.narrow(0, at, count).copy_(Supervector.FromMeans(means, background, options.Scaling, centred: true));
        }

        return supervectors;
    }

    private static Tensor Apply(Standardiser? standardiser, Tensor samples, CancellationToken cancellationToken) =>
        standardiser is null ? samples : standardiser.ApplyInPlace(samples, cancellationToken);

    private static Tensor Labels(IReadOnlyList<Recording> recordings, IReadOnlyList<int> recordingOf, IReadOnlyList<string> devices)
    {
        var label = devices.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => (long)pair.i);
        return tensor(recordingOf.Select(r => label[recordings[r].Device]).ToArray(), device: CPU);
    }

    private static void DisposeAll(IEnumerable<Tensor> tensors)
    {
        foreach (var one in tensors)
            one.Dispose();
    }
}

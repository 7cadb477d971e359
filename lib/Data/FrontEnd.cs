using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Turns recordings into samples; it is fitted to a <see cref="TrainSet"/> only.</summary>
/// <remarks>
/// 1 recordings -> features (frame, coefficient)
/// 2 features -> segments (sample, frame, coefficient)
/// 3 segments -> means adapted from the background model -> supervectors (sample, component x coefficient)
/// 4 both standardised with means and standard deviations of the training samples
/// </remarks>
public sealed class FrontEnd : IDisposable
{
    // A value that is constant in training carries no information: this minimum keeps it near zero after standardisation.
    private const float MinStandardDeviation = 1e-6f;

    // Each step from segments to supervectors copies all of them, 2 GB at the paper's size: blocks need less memory and react faster to
    // cancellation.
    private const int BlockSegments = 1024;

    private readonly FeatureStore _store;
    private readonly Standardiser? _supervectorStandardiser;
    private readonly Standardiser? _segmentStandardiser;
    private readonly Lazy<MapAdaptation?> _adaptation;

    private FrontEnd(FrontEndOptions options, FeatureStore store, Device device, DiagonalGmm? background, GmmTraining? training,
        Standardiser? supervectorStandardiser, Standardiser? segmentStandardiser) =>
        (Options, _store, Background, BackgroundTraining, _supervectorStandardiser, _segmentStandardiser, _adaptation) =
            (options, store, background, training, supervectorStandardiser, segmentStandardiser,
                new Lazy<MapAdaptation?>(() => CreateAdaptation(background, options, device)));

    /// <summary>The settings.</summary>
    public FrontEndOptions Options { get; }

    /// <summary>The background model, trained on the training recordings unless one was given; null if no supervectors are made.</summary>
    public DiagonalGmm? Background { get; }

    /// <summary>The training of the background model; null if a model was given.</summary>
    public GmmTraining? BackgroundTraining { get; }

    /// <summary>Fits background model and standardisation to training recordings, and returns the front end with their samples.</summary>
    /// <param name="train">The training recordings.</param>
    /// <param name="options">Settings.</param>
    /// <param name="store">Feature store; its features must be those of <paramref name="options"/>.</param>
    /// <param name="device">The device that computes; the samples are returned on the CPU.</param>
    /// <param name="background">
    /// A given background model (<see cref="BackgroundSource"/>), which is used instead of training one. It is copied and still belongs to
    /// the caller.
    /// </param>
    /// <param name="progress">Receives the progress of features and background model.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">
    /// The store has other features, the given model has another size, or no recording has a frame.
    /// </exception>
    /// <exception cref="CorpusException">A device has no training sample, because all its recordings are shorter than a frame.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; features that were finished stay in the cache.</exception>
    internal static (FrontEnd FrontEnd, TrainDataset Samples) Fit(
        TrainSet train, FrontEndOptions options, FeatureStore store, Device device, DiagonalGmm? background = null,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        var wanted = options.CreateFeatures(device).Description;
        if (store.Features.Description != wanted)
            throw new ArgumentException(
                $"The feature store holds {store.Features.Description}, the settings ask for {wanted}.", nameof(store));
        if (background is not null)
            BackgroundSource.Check(background, options, nameof(background));

        var features = Load(store, train.Recordings, options, progress, cancellationToken);
        var fitted = new List<IDisposable?>();
        try
        {
            using var scope = NewDisposeScope();
            var (training, model) = FitBackground(features, options, device, background, progress, cancellationToken);
            fitted.Add(model);
            var (segments, recordingOf) = Segmentation.Cut(features, options.SegmentFrames, options.TrainingWindows, cancellationToken);
            if (recordingOf.Count == 0)
                throw new ArgumentException("All training recordings are shorter than one frame of the features.", nameof(train));
            RequireEveryDevice(train, recordingOf);
            using var adaptation = CreateAdaptation(model, options, device);
            var supervectors = ComputeSupervectors(segments, options, model, adaptation, cancellationToken);
            Standardiser Measure(Tensor samples, long[] meanAxes, long[] standardDeviationAxes)
            {
                var standardiser = Standardiser.Fit(samples, meanAxes, standardDeviationAxes, MinStandardDeviation, cancellationToken);
                fitted.Add(standardiser);
                return standardiser;
            }

            var supervectorStandardiser = options.Supervectors switch
            {
                _ when !options.WithSupervectors => null,
                SupervectorStandardisation.None => null,
                SupervectorStandardisation.EachValue => Measure(supervectors, [0], [0]),
                _ => Measure(supervectors, [0], [0, 1]),
            };
            var segmentStandardiser = options.StandardiseSegments ? Measure(segments, [0, 1], [0, 1]) : null;
            var frontEnd = new FrontEnd(options, store, device, model, training, supervectorStandardiser, segmentStandardiser);
            return (frontEnd, new TrainDataset(
                Apply(supervectorStandardiser, supervectors, cancellationToken), Apply(segmentStandardiser, segments, cancellationToken),
                MakeLabels(train.Recordings, recordingOf, train.Devices), recordingOf, train.Devices, train.Recordings));
        }
        catch
        {
            fitted.ForEach(part => part?.Dispose());
            throw;
        }
        finally
        {
            // Gigabytes at the paper's size; a training needs the memory for other things.
            DisposeAll(features);
            ComputeDevice.ReturnFreedMemory();
        }
    }

    /// <summary>Makes samples of test recordings; segments follow one another without overlap.</summary>
    /// <param name="test">The recordings.</param>
    /// <param name="progress">Receives the progress of the features.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="OperationCanceledException">Cancelled; features that were finished stay in the cache.</exception>
    internal TestDataset Transform(TestSet test, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var features = Load(_store, test.Recordings, Options, progress, cancellationToken);
        try
        {
            return MakeSamples(test, features, cancellationToken);
        }
        finally
        {
            DisposeAll(features);
        }
    }

    /// <summary>Makes samples of degraded or edited versions of test recordings; nothing is stored in the cache.</summary>
    /// <param name="test">The original recordings, which give the labels.</param>
    /// <param name="clips">One clip for each recording, in the same order; a clip shorter than a frame gives no sample.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <exception cref="ArgumentException">
    /// The number of clips differs from that of the recordings, or the features of a clip cannot be computed.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal TestDataset Transform(TestSet test, IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken = default)
    {
        if (clips.Count != test.Recordings.Count)
            throw new ArgumentException($"There are {clips.Count} clips for {test.Recordings.Count} recordings.", nameof(clips));
        using var scope = NewDisposeScope();
        var features = _store.Compute(clips, cancellationToken);
        return MakeSamples(test, [.. features.Select(matrix => FrameSelections.Select(matrix, Options.Frames))], cancellationToken);
    }

    /// <summary>Makes samples of a clip of unknown origin.</summary>
    /// <param name="clip">The audio; if it is shorter than a frame, it gives no sample.</param>
    public SampleBatch Transform(AudioClip clip)
    {
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        var features = FrameSelections.Select(_store.Features.Extract([clip])[0].cpu(), Options.Frames);
        return MakeSamples([features], CancellationToken.None).Samples;
    }

    /// <summary>Makes samples of the features of a part of a recording.</summary>
    /// <param name="features">(frame, column), on the CPU; at least one frame.</param>
    internal SampleBatch Transform(Tensor features)
    {
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        return MakeSamples([features], CancellationToken.None).Samples;
    }

    /// <summary>
    /// The fitted tensors, to be saved in a file; they still belong to this object. The names are part of the file format.
    /// </summary>
    internal IReadOnlyList<(string Name, Tensor Tensor)> State =>
    [
        .. Background is null ? []
            : new[] { ("weights", Background.Weights), ("means", Background.Means), ("variances", Background.Variances) },
        .. ToState("supervectors", _supervectorStandardiser),
        .. ToState("segments", _segmentStandardiser),
    ];

    private static (string Name, Tensor Tensor)[] ToState(string name, Standardiser? standardiser) => standardiser is null ? []
        : [($"{name}.mean", standardiser.Mean), ($"{name}.deviation", standardiser.StandardDeviation)];

    /// <summary>Restores a front end from its <see cref="State"/>.</summary>
    /// <param name="options">The front end's settings.</param>
    /// <param name="store">Feature store of these settings.</param>
    /// <param name="device">The device that computes.</param>
    /// <param name="state">The fitted tensors; they are copied.</param>
    /// <exception cref="ArgumentException">A tensor is missing, unexpected, or of the wrong shape.</exception>
    internal static FrontEnd Restore(
        FrontEndOptions options, FeatureStore store, Device device, IReadOnlyList<(string Name, Tensor Tensor)> state)
    {
        var remaining = state.ToDictionary(entry => entry.Name, entry => entry.Tensor);
        Tensor Take(string name, params long[] shape) =>
            remaining.Remove(name, out var tensor) && tensor.shape.SequenceEqual(shape) && tensor.isfinite().all().item<bool>()
            ? tensor.clone()
            : throw new ArgumentException(
                $"'{name}' is missing, does not have the shape ({string.Join(", ", shape)}), or has values that are not finite.");
        Standardiser? TakeStandardiser(bool wanted, string name, long[] mean, long[] standardDeviation) =>
            !wanted ? null : new Standardiser(Take($"{name}.mean", mean), Take($"{name}.deviation", standardDeviation));

        using var scope = NewDisposeScope();
        var (components, coefficients) = ((long)options.Background.Components, (long)options.BackgroundColumns.Count);
        var eachValue = options.Supervectors == SupervectorStandardisation.EachValue;
        var background = !options.WithSupervectors ? null
            : new DiagonalGmm(
                Take("weights", components), Take("means", components, coefficients), Take("variances", components, coefficients));
        var supervectorStandardiser = TakeStandardiser(
            options.WithSupervectors && options.Supervectors != SupervectorStandardisation.None, "supervectors",
            [1, components * coefficients], [1, eachValue ? components * coefficients : 1]);
        var segmentStandardiser = TakeStandardiser(
            options.StandardiseSegments, "segments", [1, 1, options.Columns], [1, 1, options.Columns]);
        return remaining.Count == 0 ? new FrontEnd(options, store, device, background, null, supervectorStandardiser, segmentStandardiser)
            : throw new ArgumentException($"'{remaining.Keys.First()}' is not used by these settings.");
    }

    private TestDataset MakeSamples(TestSet test, IReadOnlyList<Tensor> features, CancellationToken cancellationToken)
    {
        var (samples, recordingOf) = MakeSamples(features, cancellationToken);
        using (samples)
            return new TestDataset(
                samples.Supervectors.alias(), samples.Segments.alias(), MakeLabels(test.Recordings, recordingOf, test.Devices), recordingOf,
                test.Devices, test.Recordings);
    }

    private (SampleBatch Samples, IReadOnlyList<int> RecordingOf) MakeSamples(
        IReadOnlyList<Tensor> features, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<SegmentWindow> windows = [new(Options.SegmentFrames, Options.SegmentFrames)];
        var (segments, recordingOf) = Segmentation.Cut(features, Options.SegmentFrames, windows, cancellationToken);
        var supervectors = ComputeSupervectors(segments, Options, Background, _adaptation.Value, cancellationToken);
        Apply(_supervectorStandardiser, supervectors, cancellationToken);
        Apply(_segmentStandardiser, segments, cancellationToken);
        return (new SampleBatch(supervectors.DetachFromDisposeScope(), segments.DetachFromDisposeScope()), recordingOf);
    }

    /// <summary>Frees the background model and the standardisation.</summary>
    public void Dispose()
    {
        if (_adaptation.IsValueCreated)
            _adaptation.Value?.Dispose();
        Background?.Dispose();
        _supervectorStandardiser?.Dispose();
        _segmentStandardiser?.Dispose();
    }

    private static IReadOnlyList<Tensor> Load(
        FeatureStore store, IReadOnlyList<Recording> recordings, FrontEndOptions options, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var features = new List<Tensor>();
        foreach (var matrix in store.Load(recordings, progress, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            features.Add(FrameSelections.Select(matrix, options.Frames));
            if (!ReferenceEquals(matrix, features[^1]))
                matrix.Dispose();
        }

        features.ForEach(matrix => matrix.MoveToOuterDisposeScope());
        return features;
    }

    /// <summary>Throws if a device has no sample: the classifier would silently learn that it never occurs.</summary>
    private static void RequireEveryDevice(TrainSet train, IReadOnlyList<int> recordingOf)
    {
        var withoutSamples = train.Devices.Except(recordingOf.Distinct().Select(r => train.Recordings[r].Device)).ToList();
        if (withoutSamples.Count > 0)
            throw new CorpusException(
                $"All training recordings of {string.Join(", ", withoutSamples)} are shorter than one frame of the features, "
                + "so there are no training samples. "
                + $"Add longer recordings, or leave {(withoutSamples.Count == 1 ? "the device" : "the devices")} out.");
    }

    private static (GmmTraining? Training, DiagonalGmm? Model) FitBackground(
        IReadOnlyList<Tensor> features, FrontEndOptions options, Device device, DiagonalGmm? given, IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (!options.WithSupervectors)
            return (null, null);
        if (given is not null)
            return (null, new DiagonalGmm(given.Weights, given.Means, given.Variances));
        using var scope = NewDisposeScope();
        var columns = features.Select(matrix => SelectBackgroundColumns(matrix, options)).ToList();
        var training = new GmmTrainer(options.Background, device).Fit(columns, progress, cancellationToken);
        return (training, training.Model);
    }

    /// <summary>Selects the columns that the background model uses.</summary>
    private static Tensor SelectBackgroundColumns(Tensor features, FrontEndOptions options) =>
        features.narrow(-1, options.BackgroundColumns.First, options.BackgroundColumns.Count);

    /// <summary>Created once: preparing its tables takes longer than adapting to one recording.</summary>
    private static MapAdaptation? CreateAdaptation(DiagonalGmm? background, FrontEndOptions options, Device device) =>
        background is null ? null : new MapAdaptation(background, options.RelevanceFactor, device);

    private static Tensor ComputeSupervectors(
        Tensor segments, FrontEndOptions options, DiagonalGmm? background, MapAdaptation? adaptation, CancellationToken cancellationToken)
    {
        var supervectors = empty([segments.shape[0], background is null ? 0 : background.Components * background.Dimension], device: CPU);
        if (background is null || adaptation is null)
            return supervectors;
        for (long start = 0; start < segments.shape[0]; start += BlockSegments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(BlockSegments, segments.shape[0] - start);
            var means = adaptation.Means(SelectBackgroundColumns(segments.narrow(0, start, count), options), cancellationToken);
            supervectors.narrow(0, start, count).copy_(Supervector.FromMeans(means, background, options.Scaling, centred: true));
        }

        return supervectors;
    }

    private static Tensor Apply(Standardiser? standardiser, Tensor samples, CancellationToken cancellationToken) =>
        standardiser is null ? samples : standardiser.ApplyInPlace(samples, cancellationToken);

    private static Tensor MakeLabels(IReadOnlyList<Recording> recordings, IReadOnlyList<int> recordingOf, IReadOnlyList<string> devices)
    {
        var label = devices.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => (long)pair.i);
        return tensor(recordingOf.Select(r => label[recordings[r].Device]).ToArray(), device: CPU);
    }

    private static void DisposeAll(IEnumerable<Tensor> tensors)
    {
        foreach (var tensor in tensors)
            tensor.Dispose();
    }
}

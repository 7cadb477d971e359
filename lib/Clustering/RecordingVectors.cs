using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using DeviceId.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Clustering;

/// <summary>One vector per recording, computed from the recordings alone, without labels.</summary>
/// <param name="kind">What a recording is represented by.</param>
/// <param name="featureFolder">Folder of the feature cache.</param>
/// <param name="seed">Seed of the auto-encoder.</param>
/// <param name="device">Device that computes.</param>
internal sealed class RecordingVectors(RecordingVectorKind kind, string featureFolder, long seed, Device device)
{
    private const int Filters = 60;
    private const int Cepstra = 30;
    private const int MaxComponents = 64;

    // With fewer frames, the means of the mixture say more about the words than about the phone.
    private const int FramesPerComponent = 100;
    private const double RelevanceFactor = 10;

    /// <summary>Computes the vectors.</summary>
    /// <param name="recordings">The recordings; they may have different sampling rates.</param>
    /// <param name="progress">Reports features, auto-encoder and background model.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <returns>
    /// (recording, value), float64 on the CPU; and the indices of the recordings, without those that are shorter than a frame.
    /// </returns>
    /// <exception cref="AudioException">A recording cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public (Tensor Vectors, IReadOnlyList<int> Used) Compute(
        IReadOnlyList<Recording> recordings, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        if (kind == RecordingVectorKind.FileFacts)
            return (Facts(recordings, progress, cancellationToken).MoveToOuterDisposeScope(), [.. Enumerable.Range(0, recordings.Count)]);
        var store = new FeatureStore(featureFolder, Settings(recordings).CreateFeatures(device));
        var features = store.Load(recordings, progress, cancellationToken);
        List<int> used = [.. Enumerable.Range(0, features.Count).Where(i => features[i].shape[0] > 0)];
        var frames = used.Select(i => features[i]).ToList();
        if (frames.Count == 0)
            return (empty([0, 0], ScalarType.Float64, CPU).MoveToOuterDisposeScope(), used);
        var vectors = kind switch
        {
            RecordingVectorKind.Spectrum => Spectra(frames),
            RecordingVectorKind.DeepSupervector => Supervectors(Deep(frames, progress, cancellationToken), progress, cancellationToken),
            _ => Supervectors(frames, progress, cancellationToken),
        };
        return (Directions(vectors.to(ScalarType.Float64)).MoveToOuterDisposeScope(), used);
    }

    /// <summary>
    /// Level-normalised features at one sampling rate: the lowest of the recordings, because a resampled recording has no sound above it.
    /// </summary>
    private FrontEndOptions Settings(IReadOnlyList<Recording> recordings)
    {
        var rates = recordings.Select(recording => recording.SampleRate).Distinct().ToList();
        return new FrontEndOptions
        {
            SampleRate = rates.Count > 1 ? rates.Min() : null,
            Features = [kind == RecordingVectorKind.Spectrum
                ? new LogMelOptions { Filters = Filters, LevelNormalisation = true }
                : new MfccOptions { Filters = Filters, Coefficients = Cepstra, Deltas = false, LevelNormalisation = true }],
        };
    }

    /// <summary>Vectors seen from their mean, scaled to unit length; what all recordings share would make them nearly parallel.</summary>
    internal static Tensor Directions(Tensor vectors)
    {
        var centred = vectors - vectors.mean([0]);
        // Rounding errors have no direction: copies of one recording stay at the origin.
        var lengths = centred.square().sum([1], keepdim: true).sqrt();
        var scale = vectors.square().sum([1], keepdim: true).sqrt();
        return where(lengths > 1e-6 * scale, centred / lengths, zeros_like(centred));
    }

    private static Tensor Spectra(List<Tensor> energies)
    {
        var means = stack(energies.Select(matrix => matrix.to(ScalarType.Float64).mean([0])), 0);
        return means - means.mean([1], keepdim: true);
    }

    private Tensor Supervectors(
        IReadOnlyList<Tensor> frames, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var options = new GmmOptions { Components = Components(frames.Sum(matrix => matrix.shape[0])) };
        using var background = new GmmTrainer(options, device).Fit(frames, progress, cancellationToken).Model;
        using var adaptation = new MapAdaptation(background, RelevanceFactor, device);
        return Supervector.FromMeans(
            adaptation.Means(frames, cancellationToken), background, SupervectorScaling.KullbackLeibler, centred: true).cpu();
    }

    /// <summary>The largest power of two that has enough frames per component.</summary>
    internal static int Components(long frames)
    {
        var components = MaxComponents;
        while (components > 1 && (long)components * FramesPerComponent > frames)
            components /= 2;
        return components;
    }

    private List<Tensor> Deep(
        IReadOnlyList<Tensor> frames, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var options = new DeepFeatureOptions { Seed = seed };
        using var features = DeepFeatures.Fit(frames, labels: null, options, device, progress, cancellationToken);
        return [.. frames.Select(matrix => features.Compute(matrix, cancellationToken))];
    }

    private static Tensor Facts(
        IReadOnlyList<Recording> recordings, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var facts = new FileFacts[recordings.Count];
        var (counter, done) = (new object(), 0);
        ParallelLoops.For(facts.Length, i =>
        {
            facts[i] = FileFacts.Measure(AudioFile.Read(recordings[i].Path));
            lock (counter)
                progress?.Report(new WorkProgress("file facts", ++done, facts.Length));
        }, cancellationToken: cancellationToken);
        return Standardise(facts);
    }

    /// <summary>Each fact with mean 0 and variance 1 over the recordings; each value of a word is one fact, 0 or 1.</summary>
    internal static Tensor Standardise(IReadOnlyList<FileFacts> facts)
    {
        using var scope = NewDisposeScope();
        IEnumerable<double[]> columns =
        [
            .. FileFacts.NumberNames.Select((_, i) => facts.Select(f => f.Numbers[i]).ToArray()),
            .. FileFacts.WordNames.SelectMany((_, i) => facts.Select(f => f.Words[i]).Distinct().Order(StringComparer.Ordinal)
                .Select(word => facts.Select(f => f.Words[i] == word ? 1.0 : 0).ToArray())),
        ];
        var values = stack(columns.Select(column => tensor(column, device: CPU)), 1);
        var deviations = values.std(0, unbiased: false, keepdim: true);
        return where(deviations > 0, (values - values.mean([0])) / deviations, zeros_like(values)).MoveToOuterDisposeScope();
    }
}

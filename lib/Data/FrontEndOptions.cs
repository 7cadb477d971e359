using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Settings of the front end, which turns recordings into samples: features, segments, background model, supervectors.</summary>
public sealed record FrontEndOptions : Options
{
    private const int MinRate = 4000;
    private const int MaxRate = 384_000;

    /// <summary>The sampling rate (Hz) that every recording is resampled to first; null keeps each recording's own.</summary>
    public int? SampleRate { get; init; }

    /// <summary>The length (s) that longer recordings are cut to, in training and test; null keeps each recording's own.</summary>
    [AbsentValue(null)]
    public double? MaxSeconds { get; init; }

    /// <summary>Whether each recording's DC offset is removed.</summary>
    [AbsentValue(false)]
    public bool RemoveDc { get; init; }

    /// <summary>
    /// The level (root mean square, dB relative to full scale) that each recording is scaled to; null keeps its own. Unlike the level
    /// normalisation of the features, it comes before <see cref="DitherBits"/>.
    /// </summary>
    [AbsentValue(null)]
    public double? LevelDecibels { get; init; }

    /// <summary>
    /// The word length (bits) that each recording is requantised to, with the same dither for all; null for none. It hides traces of
    /// digital gain in the histogram of sample values, as far as their steps are smaller.
    /// </summary>
    [AbsentValue(null)]
    public int? DitherBits { get; init; }

    /// <summary>The features of a frame; their columns are concatenated in this order. All use the same frames.</summary>
    public IReadOnlyList<FeatureOptions> Features { get; init; } = [MfccOptions.AsWritten];

    /// <summary>Index of the feature that the background model and the supervectors use.</summary>
    [AbsentValue(0)]
    public int BackgroundFeature { get; init; }

    /// <summary>Which frames are used, in training and test.</summary>
    public FrameSelection Frames { get; init; }

    /// <summary>
    /// Frames in a sample: 64 (0.96 s with a hop of 15 ms) in the paper's Section 6.3, 685 according to its parameter count.
    /// </summary>
    public int SegmentFrames { get; init; } = 64;

    /// <summary>
    /// How training recordings are cut into segments. The plain way is one window of <see cref="SegmentFrames"/> without overlap.
    /// Overlapping windows, and short windows repeated to full length, give many more samples with different words in them: with few
    /// training sentences, that keeps a network from learning the words (README, results). Test recordings are always cut without overlap.
    /// </summary>
    public IReadOnlyList<SegmentWindow> TrainingWindows { get; init; } = [new(64, 64)];

    /// <summary>Whether supervectors are made; classifiers that use the frames alone do not need the background model.</summary>
    public bool WithSupervectors { get; init; } = true;

    /// <summary>Settings of the background model's training.</summary>
    public GmmOptions Background { get; init; } = new();

    /// <summary>Relevance factor tau of the MAP adaptation, frames.</summary>
    public double RelevanceFactor { get; init; } = 10;

    /// <summary>How the adapted means are scaled.</summary>
    public SupervectorScaling Scaling { get; init; } = SupervectorScaling.KullbackLeibler;

    /// <summary>Standardisation of the supervectors.</summary>
    public SupervectorStandardisation Supervectors { get; init; } = SupervectorStandardisation.Common;

    /// <summary>
    /// Whether each coefficient of the segments is standardised to zero mean and unit variance over the training samples: with one mean for
    /// all recordings, unlike CMVN.
    /// </summary>
    public bool StandardiseSegments { get; init; } = true;

    /// <summary>
    /// Returns settings with more spectral detail and no deltas: 30 cepstra of 60 filters, about as many columns as before.
    /// </summary>
    public FrontEndOptions WithFinerSpectrum() => WithMfcc(mfcc => mfcc with { Filters = 60, Coefficients = 30, Deltas = false });

    /// <summary>
    /// Returns settings that remove what betrays a device without its microphone: recordings of equal level (-30 dB) and length, without DC
    /// offset, requantised with common dither.
    /// </summary>
    /// <param name="maxSeconds">The length that longer recordings are cut to (s); null keeps each recording's own.</param>
    /// <param name="ditherBits">The common word length (bits).</param>
    public FrontEndOptions WithoutFileFacts(double? maxSeconds = null, int ditherBits = 12) =>
        this with { MaxSeconds = maxSeconds, RemoveDc = true, LevelDecibels = -30, DitherBits = ditherBits };

    /// <summary>Returns settings with other MFCC.</summary>
    /// <param name="change">Returns the changed MFCC settings, usually by <c>with</c>; other features stay as they are.</param>
    public FrontEndOptions WithMfcc(Func<MfccOptions, MfccOptions> change) =>
        this with { Features = [.. Features.Select(feature => feature is MfccOptions mfcc ? change(mfcc) : feature)] };

    /// <summary>Returns settings with one more feature, after the others.</summary>
    /// <param name="feature">The feature; it must use the same frames.</param>
    public FrontEndOptions With(FeatureOptions feature) => this with { Features = [.. Features, feature] };

    /// <summary>Returns settings with segments of another length; the training windows are scaled in proportion.</summary>
    /// <param name="frames">Frames in a sample.</param>
    public FrontEndOptions WithSegmentFrames(int frames)
    {
        int Scale(int length) => Math.Max(1, (int)((long)length * frames / SegmentFrames));
        return this with
        {
            SegmentFrames = frames,
            TrainingWindows = [.. TrainingWindows.Select(window => new SegmentWindow(Scale(window.Frames), Scale(window.HopFrames)))],
        };
    }

    /// <summary>Number of columns of a segment.</summary>
    public int Columns => Features.Sum(feature => feature.Dimension);

    /// <summary>The columns of a segment that the background model and the supervectors use: the first, and how many.</summary>
    public (int First, int Count) BackgroundColumns =>
        (Features.Take(BackgroundFeature).Sum(feature => feature.Dimension), Features[BackgroundFeature].Dimension);

    /// <summary>The sizes of the samples.</summary>
    /// <param name="devices">Number of classes.</param>
    public SampleShape Shape(int devices)
    {
        var coefficients = BackgroundColumns.Count;
        return new SampleShape(devices, WithSupervectors ? Background.Components : 0, coefficients, SegmentFrames, Columns - coefficients);
    }

    /// <summary>The positions of the frames at a sampling rate.</summary>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <exception cref="ArgumentException">The sampling rate is too low or too high for the frames.</exception>
    internal FrameGrid Grid(int sampleRate) => Features[0].Grid(sampleRate);

    /// <summary>Number of audio samples of a recording that make one segment.</summary>
    /// <param name="sampleRate">The recording's sampling rate (Hz).</param>
    public int SegmentSamples(int sampleRate)
    {
        var rate = SampleRate ?? sampleRate;
        return (int)Math.Ceiling(Grid(rate).Samples(SegmentFrames) * (double)sampleRate / rate);
    }

    /// <summary>Creates the extractor of the features.</summary>
    /// <param name="device">The device that computes them.</param>
    public IFrameFeatures CreateFeatures(Device device)
    {
        IFrameFeatures features = Features.Count == 1 ? Features[0].Create(device)
            : new JoinedFeatures([.. Features.Select(feature => feature.Create(device))]);
        return Prepare(features);
    }

    /// <summary>What is removed from each recording before its features are computed.</summary>
    internal RecordingNormalisation Normalisation => new(MaxSeconds, RemoveDc, LevelDecibels, DitherBits);

    /// <summary>Wraps features so that recordings are first resampled, then normalised.</summary>
    internal IFrameFeatures Prepare(IFrameFeatures features)
    {
        var normalised = Normalisation.IsNone ? features : new NormalisedFeatures(features, Normalisation);
        return SampleRate is { } rate ? new FeaturesAtRate(normalised, rate) : normalised;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in Features.SelectMany(feature => feature.Problems()).Concat(Background.Problems()))
            yield return problem;
        if (Features.Count == 0)
            yield return "Features is empty: name at least one feature.";
        else if (BackgroundFeature < 0 || BackgroundFeature >= Features.Count)
            yield return $"BackgroundFeature is {BackgroundFeature}: it must be the index of one of the {Features.Count} features, from 0.";
        foreach (var other in Features.Where(feature => !feature.HasSameFrames(Features[0])))
            yield return $"Features: {other.GetType().Name} does not use the same frames as the first feature, "
                + "so their columns cannot be concatenated.";
        if (Frames != FrameSelection.All && Features is not [MfccOptions, ..])
            yield return $"Frames is {Frames}: loud and quiet frames are distinguished by c0, so the first feature must be MFCC.";
        if (SampleRate is < MinRate or > MaxRate)
            yield return $"SampleRate is {SampleRate}: it must lie between {MinRate} and {MaxRate} Hz, "
                + "or be null to keep each recording's own.";
        if (MaxSeconds is { } seconds && !(seconds > 0 && double.IsFinite(seconds)))
            yield return $"MaxSeconds is {seconds}: it must be positive and finite (s), or null to keep each recording's own length.";
        if (LevelDecibels is { } level && !(level is >= -120 and <= 0))
            yield return $"LevelDecibels is {level}: it must lie between -120 and 0 dB, or be null to keep each recording's own level.";
        if (DitherBits is < 4 or > 24)
            yield return $"DitherBits is {DitherBits}: it must lie between 4 and 24, or be null for no requantisation.";
        if (SegmentFrames < 1)
            yield return $"SegmentFrames is {SegmentFrames}: a sample needs at least 1 frame.";
        if (TrainingWindows.Count == 0)
            yield return "TrainingWindows is empty: without a window there are no training samples.";
        foreach (var window in TrainingWindows.Where(w => w.Frames < 1 || w.Frames > SegmentFrames || w.HopFrames < 1))
            yield return $"TrainingWindows holds {window}: its frames must lie between 1 and SegmentFrames ({SegmentFrames}), "
                + "and its hop must be at least 1.";
        if (!(RelevanceFactor > 0) || double.IsInfinity(RelevanceFactor))
            yield return $"RelevanceFactor is {RelevanceFactor}: it must be positive and finite (frames).";
    }
}

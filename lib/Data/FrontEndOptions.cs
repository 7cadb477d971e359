using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>How recordings become samples: features, segments, background model, supervectors.</summary>
public sealed record FrontEndOptions : Options
{
    private const int MinRate = 4000;
    private const int MaxRate = 384_000;

    /// <summary>The sampling rate (Hz) that every recording is brought to first; null for each recording's own.</summary>
    public int? SampleRate { get; init; }

    /// <summary>
    /// What is measured of each frame: the features' columns stand side by side, from left to right. All have the same frames.
    /// </summary>
    public IReadOnlyList<FeatureOptions> Features { get; init; } = [MfccOptions.AsWritten];

    /// <summary>Position of the feature that background model and supervectors are made from.</summary>
    [AbsentValue(0)]
    public int BackgroundFeature { get; init; }

    /// <summary>Which frames are looked at, in training and test.</summary>
    public FrameSelection Frames { get; init; }

    /// <summary>
    /// Frames in a sample: 64 (0.96 s of 15 ms hops) as the paper's Section 6.3 writes, 685 as its parameter count tells.
    /// </summary>
    public int SegmentFrames { get; init; } = 64;

    /// <summary>
    /// How training recordings are cut. One window of <see cref="SegmentFrames"/> without overlap is the plain way. Overlapping windows,
    /// and short windows repeated to full length, give many more samples with other words in them: with few sentences to train on, that is
    /// what keeps a network from learning the words (README, results). Test recordings are always cut without overlap.
    /// </summary>
    public IReadOnlyList<SegmentWindow> TrainingWindows { get; init; } = [new(64, 64)];

    /// <summary>Whether supervectors are made: systems that look at the frames alone can do without the background model.</summary>
    public bool WithSupervectors { get; init; } = true;

    /// <summary>The background model's training.</summary>
    public GmmOptions Background { get; init; } = new();

    /// <summary>Relevance factor tau of the MAP adaptation, frames.</summary>
    public double RelevanceFactor { get; init; } = 10;

    /// <summary>What is done to the adapted means.</summary>
    public SupervectorScaling Scaling { get; init; } = SupervectorScaling.KullbackLeibler;

    /// <summary>Standardisation of the supervectors.</summary>
    public SupervectorStandardisation Supervectors { get; init; } = SupervectorStandardisation.Common;

    /// <summary>
    /// Each coefficient of the segments to zero mean and unit variance over the training samples: one shift for all recordings, unlike
    /// CMVN.
    /// </summary>
    public bool StandardiseSegments { get; init; } = true;

    /// <summary>
    /// More of the spectrum's detail than 13 cepstra keep, and no deltas: 30 cepstra of 60 filters, about as many columns as before.
    /// </summary>
    public FrontEndOptions WithFinerSpectrum() => WithMfcc(mfcc => mfcc with { Filters = 60, Coefficients = 30, Deltas = false });

    /// <summary>The same with other cepstra.</summary>
    /// <param name="change">What is changed, by a <c>with</c>; further features stay as they are.</param>
    public FrontEndOptions WithMfcc(Func<MfccOptions, MfccOptions> change) =>
        this with { Features = [.. Features.Select(feature => feature is MfccOptions mfcc ? change(mfcc) : feature)] };

    /// <summary>The same with one feature more, behind the others.</summary>
    /// <param name="feature">The feature; of the same frames.</param>
    public FrontEndOptions With(FeatureOptions feature) => this with { Features = [.. Features, feature] };

    /// <summary>The same with segments of another length; the training windows keep their proportions.</summary>
    /// <param name="frames">Frames in a sample.</param>
    public FrontEndOptions WithSegmentFrames(int frames)
    {
        int Scaled(int length) => Math.Max(1, (int)((long)length * frames / SegmentFrames));
        return this with
        {
            SegmentFrames = frames,
            TrainingWindows = [.. TrainingWindows.Select(window => new SegmentWindow(Scaled(window.Frames), Scaled(window.HopFrames)))],
        };
    }

    /// <summary>Columns of a segment.</summary>
    public int Columns => Features.Sum(feature => feature.Dimension);

    /// <summary>The columns of a segment that background model and supervectors are made from: the first, and how many.</summary>
    public (int First, int Count) BackgroundColumns =>
        (Features.Take(BackgroundFeature).Sum(feature => feature.Dimension), Features[BackgroundFeature].Dimension);

    /// <summary>The sizes of the samples.</summary>
    /// <param name="devices">Classes.</param>
    public SampleShape Shape(int devices)
    {
        var coefficients = BackgroundColumns.Count;
        return new SampleShape(devices, WithSupervectors ? Background.Components : 0, coefficients, SegmentFrames, Columns - coefficients);
    }

    /// <summary>Where the frames lie at a sample rate.</summary>
    /// <param name="sampleRate">Samples per second (Hz).</param>
    /// <exception cref="ArgumentException">The sample rate is too low or too high for the frames.</exception>
    internal FrameGrid Grid(int sampleRate) => Features[0].Grid(sampleRate);

    /// <summary>Samples of a recording that make one segment.</summary>
    /// <param name="sampleRate">The recording's samples per second (Hz).</param>
    public int SegmentSamples(int sampleRate)
    {
        var rate = SampleRate ?? sampleRate;
        return (int)Math.Ceiling(Grid(rate).Samples(SegmentFrames) * (double)sampleRate / rate);
    }

    /// <summary>Makes what computes the features of a frame.</summary>
    /// <param name="device">Where they are computed.</param>
    public IFrameFeatures CreateFeatures(Device device)
    {
        IFrameFeatures features = Features.Count == 1 ? Features[0].Create(device)
            : new JoinedFeatures([.. Features.Select(feature => feature.Create(device))]);
        return SampleRate is { } rate ? new FeaturesAtRate(features, rate) : features;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in Features.SelectMany(feature => feature.Problems()).Concat(Background.Problems()))
            yield return problem;
        if (Features.Count == 0)
            yield return "Features is empty: nothing would be measured of a frame.";
        else if (BackgroundFeature < 0 || BackgroundFeature >= Features.Count)
            yield return $"BackgroundFeature is {BackgroundFeature}: it is the position of one of the {Features.Count} features, from 0.";
        foreach (var other in Features.Where(feature => !feature.HasFramesOf(Features[0])))
            yield return $"Features: the frames of {other.GetType().Name} are not those of the first feature, "
                + "so their columns cannot stand side by side.";
        if (Frames != FrameSelection.All && Features is not [MfccOptions, ..])
            yield return $"Frames is {Frames}: loud and quiet frames are told apart by c0, so the first feature must be MFCC.";
        if (SampleRate is < MinRate or > MaxRate)
            yield return $"SampleRate is {SampleRate}: it lies from {MinRate} to {MaxRate} Hz, or is null for each recording's own.";
        if (SegmentFrames < 1)
            yield return $"SegmentFrames is {SegmentFrames}: a sample needs a frame at least.";
        if (TrainingWindows.Count == 0)
            yield return "TrainingWindows is empty: without a window there are no training samples.";
        foreach (var window in TrainingWindows.Where(w => w.Frames < 1 || w.Frames > SegmentFrames || w.HopFrames < 1))
            yield return $"TrainingWindows holds {window}: its frames lie between 1 and SegmentFrames ({SegmentFrames}), its hop is 1 at least.";
        if (!(RelevanceFactor > 0) || double.IsInfinity(RelevanceFactor))
            yield return $"RelevanceFactor is {RelevanceFactor}: it is a positive number of frames.";
    }
}

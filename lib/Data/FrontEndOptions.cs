using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;

namespace DeviceId.Data;

/// <summary>How recordings become samples: features, segments, background model, supervectors.</summary>
public sealed record FrontEndOptions : Options
{
    /// <summary>Frames and coefficients.</summary>
    public MfccOptions Mfcc { get; init; } = MfccOptions.AsWritten;

    /// <summary>Frames in a sample: 64 (0.96 s of 15 ms hops) as the paper's Section 6.3 writes, 685 as its parameter count tells.</summary>
    public int SegmentFrames { get; init; } = 64;

    /// <summary>
    /// How training recordings are cut. One window of <see cref="SegmentFrames"/> without overlap is the plain way. Overlapping windows, and
    /// short windows repeated to full length, give many more samples with other words in them: with few sentences to train on, that is what
    /// keeps a network from learning the words (README, results). Test recordings are always cut without overlap.
    /// </summary>
    public IReadOnlyList<SegmentWindow> TrainingWindows { get; init; } = [new(64, 64)];

    /// <summary>The background model's training.</summary>
    public GmmOptions Background { get; init; } = new();

    /// <summary>Relevance factor tau of the MAP adaptation, frames.</summary>
    public double RelevanceFactor { get; init; } = 10;

    /// <summary>What is done to the adapted means.</summary>
    public SupervectorScaling Scaling { get; init; } = SupervectorScaling.KullbackLeibler;

    /// <summary>Standardisation of the supervectors.</summary>
    public SupervectorStandardisation Supervectors { get; init; } = SupervectorStandardisation.Common;

    /// <summary>Each coefficient of the segments to zero mean and unit variance over the training samples: one shift for all recordings, unlike CMVN.</summary>
    public bool StandardiseSegments { get; init; } = true;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in Mfcc.Problems().Concat(Background.Problems()))
            yield return problem;
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

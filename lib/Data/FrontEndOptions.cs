using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>How recordings become samples: features, segments, background model, supervectors.</summary>
public sealed record FrontEndOptions : Options
{
    private const int LowestRate = 4000;
    private const int HighestRate = 384_000;

    /// <summary>The sampling rate (Hz) that every recording is brought to first; null for each recording's own.</summary>
    public int? SampleRate { get; init; }

    /// <summary>Frames and coefficients.</summary>
    public MfccOptions Mfcc { get; init; } = MfccOptions.AsWritten;

    /// <summary>What stands behind the cepstra in the segments; supervectors are made from the cepstra alone.</summary>
    public AddedFeatures Added { get; init; }

    /// <summary>How many of them: mel filters, or bands (whose differences are one fewer).</summary>
    public int AddedBands { get; init; } = 40;

    /// <summary>Which frames are looked at, in training and test.</summary>
    public FrameSelection Frames { get; init; }

    /// <summary>Frames in a sample: 64 (0.96 s of 15 ms hops) as the paper's Section 6.3 writes, 685 as its parameter count tells.</summary>
    public int SegmentFrames { get; init; } = 64;

    /// <summary>
    /// How training recordings are cut. One window of <see cref="SegmentFrames"/> without overlap is the plain way. Overlapping windows, and
    /// short windows repeated to full length, give many more samples with other words in them: with few sentences to train on, that is what
    /// keeps a network from learning the words (README, results). Test recordings are always cut without overlap.
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

    /// <summary>Each coefficient of the segments to zero mean and unit variance over the training samples: one shift for all recordings, unlike CMVN.</summary>
    public bool StandardiseSegments { get; init; } = true;

    /// <summary>More of the spectrum's detail than 13 cepstra keep, and no slopes: 30 cepstra of 60 filters, about as many columns as before.</summary>
    public FrontEndOptions WithFinerSpectrum() => this with { Mfcc = Mfcc with { Filters = 60, Coefficients = 30, Deltas = false } };

    /// <summary>Columns of a segment.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int SegmentColumns => Mfcc.Dimension + (Added switch { AddedFeatures.LogMelEnergies => AddedBands, AddedFeatures.BandEnergyDifferences => AddedBands - 1, _ => 0 });

    /// <summary>The features of a frame: cepstra, then what is added.</summary>
    /// <param name="device">Where they are computed.</param>
    public IFrameFeatures Features(Device device)
    {
        var cepstra = new Mfcc(Mfcc, device);
        IFrameFeatures features = Added switch
        {
            AddedFeatures.LogMelEnergies => new JoinedFeatures(cepstra, new LogMelEnergies(Mfcc, AddedBands, device)),
            AddedFeatures.BandEnergyDifferences => new JoinedFeatures(cepstra, new BandEnergyDifference(Mfcc, AddedBands, device)),
            _ => cepstra,
        };
        return SampleRate is { } rate ? new FeaturesAtRate(features, rate) : features;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in Mfcc.Problems().Concat(Background.Problems()))
            yield return problem;
        if (SampleRate is < LowestRate or > HighestRate)
            yield return $"SampleRate is {SampleRate}: it lies from {LowestRate} to {HighestRate} Hz, or is null for each recording's own.";
        if (Added != AddedFeatures.None && AddedBands < 2)
            yield return $"AddedBands is {AddedBands}: it is 2 at least.";
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

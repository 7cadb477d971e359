using DeviceId.Data;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Models;
using DeviceId.Training;

namespace DeviceId.Identification;

/// <summary>How a <see cref="PhoneModel"/> is trained. The defaults are those of the best system of the comparison (README, results): the PSTNN on 60 filters and 30 cepstra without slopes.</summary>
public sealed record PhoneModelOptions : Options
{
    /// <summary>How recordings become samples.</summary>
    public FrontEndOptions FrontEnd { get; init; } = Finer(Profile.Standard.FrontEnd);

    /// <summary>Width of each branch's output.</summary>
    public int Embedding { get; init; } = Profile.Standard.Embedding;

    /// <summary>How the network is trained.</summary>
    public TrainingOptions Training { get; init; } = Profile.Standard.Training;

    /// <summary>Parts of the recordings that are held out in turn, to learn what the answers are worth; at least 2. As many trainings more.</summary>
    public int Folds { get; init; } = 3;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in FrontEnd.Problems().Concat(Training.Problems()).Concat(Network(2).Problems()))
            yield return problem;
        if (Folds < 2)
            yield return $"Folds is {Folds}: without two at least nothing is held out, and the probabilities mean nothing.";
    }

    /// <summary>The network for a number of devices.</summary>
    public PstnnOptions Network(int devices) => new()
    {
        Devices = devices,
        Components = FrontEnd.Background.Components,
        Frames = FrontEnd.SegmentFrames,
        Coefficients = FrontEnd.Mfcc.Dimension,
        Embedding = Embedding,
    };

    private static FrontEndOptions Finer(FrontEndOptions frontEnd) => frontEnd with { Mfcc = frontEnd.Mfcc with { Filters = 60, Coefficients = 30, Deltas = false } };
}

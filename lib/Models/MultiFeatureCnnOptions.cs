using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>Options of <see cref="MultiFeatureCnn"/>.</summary>
/// <remarks>Segments contain cepstra, then log mel energies (<see cref="DeviceId.Features.LogMelOptions"/>).</remarks>
[OptionsKind("multiFeatureCnn")]
public sealed record MultiFeatureCnnOptions : NetworkOptions
{
    /// <summary>The input features; each has its own branch.</summary>
    public MultiFeatureCnnInputs Features { get; init; } =
        MultiFeatureCnnInputs.Supervector | MultiFeatureCnnInputs.Cepstra | MultiFeatureCnnInputs.LogMelEnergies;

    /// <summary>Width of the embedding that each branch computes.</summary>
    public int Embedding { get; init; } = 1024;

    /// <summary>Dropout probability, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.5;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Features == 0)
            yield return "Features is empty: the network needs at least one input feature.";
        if (Embedding < AttentionFusion.PoolRows)
            yield return $"Embedding is {Embedding}: attention pools over {AttentionFusion.PoolRows} values, "
                + $"so it must be at least {AttentionFusion.PoolRows}.";
        if (!(Dropout >= 0 && Dropout < 1))
            yield return $"Dropout is {Dropout}: it must be at least 0 and less than 1.";
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ShapeProblems(SampleShape shape)
    {
        var sizes = new[]
        {
            ("components", shape.Components), ("coefficients", shape.Coefficients), ("log mel energies", shape.FurtherColumns),
            ("frames", shape.Frames),
        };
        foreach (var (name, value) in sizes)
            if (value < Branches.MinCnnSize)
                yield return $"There are {value} {name}: the convolutions halve each map three times, "
                    + $"so there must be at least {Branches.MinCnnSize}.";
    }

    /// <inheritdoc/>
    protected internal override DeviceNetwork Build(SampleShape shape, Device device) => new MultiFeatureCnn(this, shape, device);
}

/// <summary>The input features of <see cref="MultiFeatureCnn"/>.</summary>
[Flags]
public enum MultiFeatureCnnInputs
{
    /// <summary>The supervector as a map (coefficient, component).</summary>
    Supervector = 1,

    /// <summary>The cepstra of the segment as a map (frame, coefficient).</summary>
    Cepstra = 2,

    /// <summary>The log mel energies of the segment as a map (frame, filter).</summary>
    LogMelEnergies = 4,
}

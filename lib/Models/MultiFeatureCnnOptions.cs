using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>
/// What <see cref="MultiFeatureCnn"/> is built from. The segments hold cepstra, then log mel energies (<see
/// cref="DeviceId.Features.LogMelOptions"/>).
/// </summary>
[OptionsKind("multiFeatureCnn")]
public sealed record MultiFeatureCnnOptions : NetworkOptions
{
    /// <summary>The features that get a branch of their own.</summary>
    public MultiFeatureCnnInputs Features { get; init; } =
        MultiFeatureCnnInputs.Supervector | MultiFeatureCnnInputs.Cepstra | MultiFeatureCnnInputs.LogMelEnergies;

    /// <summary>Width of each branch's output.</summary>
    public int Embedding { get; init; } = 1024;

    /// <summary>Share of values dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.5;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Features == 0)
            yield return "Features is empty: nothing would be left of the network.";
        if (Embedding < AttentionFusion.PoolRows)
            yield return $"Embedding is {Embedding}: attention pools over {AttentionFusion.PoolRows} values, "
                + $"so it is {AttentionFusion.PoolRows} at least.";
        if (!(Dropout >= 0 && Dropout < 1))
            yield return $"Dropout is {Dropout}: it is at least 0 and less than 1.";
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Misfits(SampleShape shape)
    {
        var sizes = new[]
        {
            ("components", shape.Components), ("coefficients", shape.Coefficients), ("log mel energies", shape.FurtherColumns),
            ("frames", shape.Frames),
        };
        foreach (var (name, value) in sizes)
            if (value < Branches.MinCnnSize)
                yield return $"There are {value} {name}: the convolutions halve each map three times, "
                    + $"so it is {Branches.MinCnnSize} at least.";
    }

    /// <inheritdoc/>
    protected internal override DeviceNetwork Build(SampleShape shape, Device device) => new MultiFeatureCnn(this, shape, device);
}

/// <summary>What <see cref="MultiFeatureCnn"/> can read.</summary>
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

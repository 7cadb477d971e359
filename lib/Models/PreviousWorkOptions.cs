using DeviceId.Foundation;

namespace DeviceId.Models;

/// <summary>Sizes of <see cref="PreviousWork"/>, and which features it reads.</summary>
public sealed record PreviousWorkOptions : Options
{
    /// <summary>Classes.</summary>
    public int Devices { get; init; } = 45;

    /// <summary>The features that get a branch of their own.</summary>
    public PreviousWorkFeatures Features { get; init; } =
        PreviousWorkFeatures.Supervector | PreviousWorkFeatures.Cepstra | PreviousWorkFeatures.LogMelEnergies;

    /// <summary>Gaussian components of the background model.</summary>
    public int Components { get; init; } = 64;

    /// <summary>Coefficients of a frame.</summary>
    public int Coefficients { get; init; } = 39;

    /// <summary>Log mel energies of a frame, which stand behind the coefficients in the segments.</summary>
    public int LogMelEnergies { get; init; } = 40;

    /// <summary>Frames of a segment.</summary>
    public int Frames { get; init; } = 64;

    /// <summary>Width of each branch's output.</summary>
    public int Embedding { get; init; } = 1024;

    /// <summary>Share of values dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.5;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        var sizes = new[]
        {
            (nameof(Components), Components), (nameof(Coefficients), Coefficients), (nameof(LogMelEnergies), LogMelEnergies),
            (nameof(Frames), Frames),
        };
        foreach (var (name, value) in sizes)
            if (value < Branches.MinCnnSize)
                yield return $"{name} is {value}: the convolutions halve each map three times, so it is {Branches.MinCnnSize} at least.";
        if (Devices < 2)
            yield return $"Devices is {Devices}: there must be two to tell apart.";
        if (Features == 0)
            yield return "Features is empty: nothing would be left of the network.";
        if (Embedding < AttentionFusion.PoolRows)
            yield return $"Embedding is {Embedding}: attention pools over {AttentionFusion.PoolRows} values, "
                + $"so it is {AttentionFusion.PoolRows} at least.";
        if (!(Dropout >= 0 && Dropout < 1))
            yield return $"Dropout is {Dropout}: it is at least 0 and less than 1.";
    }
}

using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>Options of <see cref="Pstnn"/>: what the paper fixes or varies. The defaults are its best network (DNN + Bi-LSTM).</summary>
[OptionsKind("pstnn")]
public sealed record PstnnOptions : NetworkOptions
{
    private static readonly int[][] WidthsByLayers = [[], [400], [400, 128], [400, 200, 128]];

    /// <summary>The spatial branch, whose input is the supervector.</summary>
    public SpatialNetwork Spatial { get; init; } = SpatialNetwork.Dnn;

    /// <summary>The temporal branch, whose input is the frames.</summary>
    public TemporalNetwork Temporal { get; init; } = TemporalNetwork.BiLstm;

    /// <summary>How the two branches are combined; no effect with a single branch.</summary>
    public Fusion Fusion { get; init; } = Fusion.Attention;

    /// <summary>Hidden layers of the back end, 0 to 3 (paper, Table 5): widths 400; 400, 128; 400, 200, 128.</summary>
    /// <remarks>The widths for one and two layers are the authors', those for three our choice.</remarks>
    public int BackEndLayers { get; init; } = 2;

    /// <summary>Width of the embedding that each branch computes.</summary>
    public int Embedding { get; init; } = 1024;

    /// <summary>Hidden units of each LSTM layer, per direction.</summary>
    public IReadOnlyList<int> LstmUnits { get; init; } = [39, 78];

    /// <summary>Dropout probability, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Widths of the hidden layers of the back end.</summary>
    internal IReadOnlyList<int> BackEndWidths => WidthsByLayers[BackEndLayers];

    /// <summary>Whether all options are equal; lists are compared by value.</summary>
    public bool Equals(PstnnOptions? other) => other is not null && Json.WriteCompact(this) == Json.WriteCompact(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Json.WriteCompact(this).GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var (name, value) in LstmUnits.Select(units => (nameof(LstmUnits), units)).Prepend((nameof(Embedding), Embedding)))
            if (value < 1)
                yield return $"{name} is {value}: it must be at least 1.";
        if (LstmUnits.Count == 0 && Temporal != TemporalNetwork.None)
            yield return "LstmUnits is empty: a temporal branch needs at least one LSTM layer.";
        if (Spatial == SpatialNetwork.None && Temporal == TemporalNetwork.None)
            yield return "Spatial and Temporal are both None: the network needs at least one branch.";
        if (BackEndLayers is < 0 or > 3)
            yield return $"BackEndLayers is {BackEndLayers}: it must be between 0 and 3.";
        if (!(Dropout >= 0 && Dropout < 1))
            yield return $"Dropout is {Dropout}: it must be at least 0 and less than 1.";
        var hasBothBranches = Spatial != SpatialNetwork.None && Temporal != TemporalNetwork.None;
        if (Fusion == Fusion.Attention && hasBothBranches && Embedding < AttentionFusion.PoolRows)
            yield return $"Embedding is {Embedding}: attention pools over {AttentionFusion.PoolRows} values, "
                + $"so it must be at least {AttentionFusion.PoolRows}.";
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> ShapeProblems(SampleShape shape)
    {
        if (Spatial == SpatialNetwork.None)
            yield break;
        if (shape.SupervectorLength < 1)
            yield return $"Spatial {Spatial} needs supervectors, but the front end makes none.";
        var min = Spatial switch { SpatialNetwork.Cnn => Branches.MinCnnSize, SpatialNetwork.ResNet => Branches.MinResNetSize, _ => 1 };
        if (shape.Components < min || shape.Coefficients < min)
            yield return $"Spatial {Spatial} repeatedly halves a map of {shape.Coefficients} coefficients x {shape.Components} components: "
                + $"both numbers must be at least {min}.";
    }

    /// <inheritdoc/>
    protected internal override DeviceNetwork Build(SampleShape shape, Device device) => new Pstnn(this, shape, device);
}

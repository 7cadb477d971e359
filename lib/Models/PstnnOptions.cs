using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Models;

/// <summary>Every choice that the paper makes, or varies, in building its network; the defaults are its best (DNN + Bi-LSTM).</summary>
[OptionsKind("pstnn")]
public sealed record PstnnOptions : NetworkOptions
{
    private static readonly int[][] WidthsByLayers = [[], [400], [400, 128], [400, 200, 128]];

    /// <summary>Reads the supervector.</summary>
    public SpatialNetwork Spatial { get; init; } = SpatialNetwork.Dnn;

    /// <summary>Reads the frames.</summary>
    public TemporalNetwork Temporal { get; init; } = TemporalNetwork.BiLstm;

    /// <summary>How two branches become one; without effect when there is one.</summary>
    public Fusion Fusion { get; init; } = Fusion.Attention;

    /// <summary>Hidden layers of the back end, 0 to 3 (paper, Table 5): widths 400; 400, 128; 400, 200, 128.</summary>
    /// <remarks>The widths of one and two layers are the laboratory's, those of three are ours.</remarks>
    public int BackEndLayers { get; init; } = 2;

    /// <summary>Width of each branch's output.</summary>
    public int Embedding { get; init; } = 1024;

    /// <summary>Units of each LSTM layer, in each direction.</summary>
    public IReadOnlyList<int> LstmUnits { get; init; } = [39, 78];

    /// <summary>Share of values dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Widths of the back end's hidden layers.</summary>
    internal IReadOnlyList<int> BackEndWidths => WidthsByLayers[BackEndLayers];

    /// <summary>Whether all settings are the same, the list by its values.</summary>
    public bool Equals(PstnnOptions? other) => other is not null && Json.WriteCompact(this) == Json.WriteCompact(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Json.WriteCompact(this).GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var (name, value) in LstmUnits.Select(units => (nameof(LstmUnits), units)).Prepend((nameof(Embedding), Embedding)))
            if (value < 1)
                yield return $"{name} is {value}: it is 1 at least.";
        if (LstmUnits.Count == 0 && Temporal != TemporalNetwork.None)
            yield return "LstmUnits is empty: a temporal branch has one LSTM layer at least.";
        if (Spatial == SpatialNetwork.None && Temporal == TemporalNetwork.None)
            yield return "Spatial and Temporal are both None: nothing would be left of the network.";
        if (BackEndLayers is < 0 or > 3)
            yield return $"BackEndLayers is {BackEndLayers}: it lies between 0 and 3.";
        if (!(Dropout >= 0 && Dropout < 1))
            yield return $"Dropout is {Dropout}: it is at least 0 and less than 1.";
        var hasBothBranches = Spatial != SpatialNetwork.None && Temporal != TemporalNetwork.None;
        if (Fusion == Fusion.Attention && hasBothBranches && Embedding < AttentionFusion.PoolRows)
            yield return $"Embedding is {Embedding}: attention pools over {AttentionFusion.PoolRows} values, "
                + $"so it is {AttentionFusion.PoolRows} at least.";
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Misfits(SampleShape shape)
    {
        if (Spatial == SpatialNetwork.None)
            yield break;
        if (shape.SupervectorLength < 1)
            yield return $"Spatial {Spatial} reads supervectors, and the front end makes none.";
        var min = Spatial switch { SpatialNetwork.Cnn => Branches.MinCnnSize, SpatialNetwork.ResNet => Branches.MinResNetSize, _ => 1 };
        if (shape.Components < min || shape.Coefficients < min)
            yield return $"Spatial {Spatial} halves the map of {shape.Coefficients} coefficients x {shape.Components} components again and "
                + $"again: both must be {min} at least.";
    }

    /// <inheritdoc/>
    protected internal override DeviceNetwork Build(SampleShape shape, Device device) => new Pstnn(this, shape, device);
}

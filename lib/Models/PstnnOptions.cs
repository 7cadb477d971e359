using System.Text.Json.Serialization;
using DeviceId.Foundation;

namespace DeviceId.Models;

/// <summary>Every choice that the paper makes, or varies, in building its network; the defaults are its best (DNN + Bi-LSTM).</summary>
public sealed record PstnnOptions : Options
{
    private static readonly int[][] WidthsByLayers = [[], [400], [400, 128], [400, 200, 128]];

    /// <summary>The network of the paper's text: segments of 64 frames.</summary>
    public static PstnnOptions AsWritten { get; } = new();

    /// <summary>The network of the paper's parameter count: 685 frames match its 114,765 k within 0.05 %, which is no proof.</summary>
    public static PstnnOptions AsCounted { get; } = new() { Frames = 685 };

    /// <summary>Classes.</summary>
    public int Devices { get; init; } = 45;

    /// <summary>Gaussian components of the background model.</summary>
    public int Components { get; init; } = 64;

    /// <summary>Coefficients of a frame.</summary>
    public int Coefficients { get; init; } = 39;

    /// <summary>Frames of a segment.</summary>
    public int Frames { get; init; } = 64;

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
    [JsonIgnore]
    public IReadOnlyList<int> LstmUnits { get; init; } = [39, 78];

#pragma warning disable IDE0051 // JSON alone reads and writes these.
    // Stored results name the first two layers: the list is written that way so that their keys stay the same. A layer of 0 units is none.
    [JsonInclude, JsonPropertyName("firstLstmUnits")]
    private int FirstLstmUnits
    {
        get => LstmUnits.ElementAtOrDefault(0);
        init => LstmUnits = [.. new[] { value }.Where(units => units != 0), .. LstmUnits.Skip(1)];
    }

    [JsonInclude, JsonPropertyName("secondLstmUnits")]
    private int SecondLstmUnits
    {
        get => LstmUnits.ElementAtOrDefault(1);
        init => LstmUnits = [.. LstmUnits.Take(1), .. new[] { value }.Where(units => units != 0)];
    }

    [JsonInclude, JsonPropertyName("furtherLstmUnits")]
    private IReadOnlyList<int>? FurtherLstmUnits
    {
        get => LstmUnits.Count > 2 ? [.. LstmUnits.Skip(2)] : null;
        init => LstmUnits = [.. LstmUnits.Take(2), .. value ?? []];
    }
#pragma warning restore IDE0051

    /// <summary>Share of values dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Values of a supervector.</summary>
    [JsonIgnore]
    public int SupervectorLength => Components * Coefficients;

    /// <summary>Widths of the back end's hidden layers.</summary>
    internal IReadOnlyList<int> BackEndWidths => WidthsByLayers[BackEndLayers];

    /// <summary>Whether all settings are the same, the list by its values.</summary>
    public bool Equals(PstnnOptions? other) => other is not null && Json.WriteCompact(this) == Json.WriteCompact(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Json.WriteCompact(this).GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        (string Name, int Value)[] sizes =
        [
            (nameof(Components), Components), (nameof(Coefficients), Coefficients), (nameof(Frames), Frames),
            (nameof(Embedding), Embedding),
            .. LstmUnits.Select(units => (nameof(LstmUnits), units)),
        ];
        foreach (var (name, value) in sizes.Where(size => size.Value < 1))
            yield return $"{name} is {value}: it is 1 at least.";
        if (LstmUnits.Count == 0 && Temporal != TemporalNetwork.None)
            yield return "LstmUnits is empty: a temporal branch has one LSTM layer at least.";
        if ((long)Components * Coefficients > 1 << 28)
            yield return
                $"Components is {Components} and Coefficients is {Coefficients}: supervectors of more than {1 << 28} values are not made.";
        if (Devices < 2)
            yield return $"Devices is {Devices}: there must be two to tell apart.";
        if (Spatial == SpatialNetwork.None && Temporal == TemporalNetwork.None)
            yield return "Spatial and Temporal are both None: nothing would be left of the network.";
        if (BackEndLayers is < 0 or > 3)
            yield return $"BackEndLayers is {BackEndLayers}: it lies between 0 and 3.";
        if (!(Dropout >= 0 && Dropout < 1))
            yield return $"Dropout is {Dropout}: it is at least 0 and less than 1.";
        var min = Spatial switch { SpatialNetwork.Cnn => Branches.MinCnnSize, SpatialNetwork.ResNet => Branches.MinResNetSize, _ => 1 };
        if (Components < min || Coefficients < min)
            yield return $"Spatial {Spatial} halves the map of {Coefficients} coefficients x {Components} components again and again: "
                + $"both must be {min} at least.";
        var hasBothBranches = Spatial != SpatialNetwork.None && Temporal != TemporalNetwork.None;
        if (Fusion == Fusion.Attention && hasBothBranches && Embedding < AttentionFusion.PoolRows)
            yield return $"Embedding is {Embedding}: attention pools over {AttentionFusion.PoolRows} values, "
                + $"so it is {AttentionFusion.PoolRows} at least.";
    }
}

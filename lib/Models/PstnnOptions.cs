using DeviceId.Foundation;

namespace DeviceId.Models;

/// <summary>Every choice that the paper makes, or varies, in building its network; the defaults are its best (DNN + Bi-LSTM).</summary>
public sealed record PstnnOptions : Options
{
    private static readonly int[][] BackEndWidths = [[], [400], [400, 128], [400, 200, 128]];

    /// <summary>The network of the paper's text: segments of 64 frames.</summary>
    public static PstnnOptions AsWritten { get; } = new();

    /// <summary>The network of the paper's parameter count: 685 frames are what comes within 0.05 % of 114,765 k. Arithmetic that fits, not proof.</summary>
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

    /// <summary>Hidden layers of the back end, 0 to 3 (paper, Table 5): widths 400; 400, 128; 400, 200, 128. The widths of one and two layers are the laboratory's, those of three are ours.</summary>
    public int BackEndLayers { get; init; } = 2;

    /// <summary>Width of each branch's output.</summary>
    public int Embedding { get; init; } = 1024;

    /// <summary>Units of the first LSTM layer, in each direction.</summary>
    public int FirstLstmUnits { get; init; } = 39;

    /// <summary>Units of the second LSTM layer, in each direction.</summary>
    public int SecondLstmUnits { get; init; } = 78;

    /// <summary>Share of values dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Values of a supervector.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int SupervectorLength => Components * Coefficients;

    /// <summary>Widths of the back end's hidden layers.</summary>
    internal IReadOnlyList<int> HiddenWidths => BackEndWidths[BackEndLayers];

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var (name, value) in new[] { (nameof(Components), Components), (nameof(Coefficients), Coefficients), (nameof(Frames), Frames), (nameof(Embedding), Embedding), (nameof(FirstLstmUnits), FirstLstmUnits), (nameof(SecondLstmUnits), SecondLstmUnits) })
            if (value < 1)
                yield return $"{name} is {value}: it is 1 at least.";
        if ((long)Components * Coefficients > 1 << 28)
            yield return $"Components is {Components} and Coefficients is {Coefficients}: supervectors of more than {1 << 28} values are not made.";
        if (Devices < 2)
            yield return $"Devices is {Devices}: there must be two to tell apart.";
        if (Spatial == SpatialNetwork.None && Temporal == TemporalNetwork.None)
            yield return "Spatial and Temporal are both None: nothing would be left of the network.";
        if (BackEndLayers is < 0 or > 3)
            yield return $"BackEndLayers is {BackEndLayers}: it lies between 0 and 3.";
        if (!(Dropout >= 0 && Dropout < 1))
            yield return $"Dropout is {Dropout}: it is at least 0 and less than 1.";
        var least = Spatial switch { SpatialNetwork.Cnn => 1 << ConvolutionalBranch.Poolings, SpatialNetwork.ResNet => 1 << SpatialResNet.Blocks, _ => 1 };
        if (Components < least || Coefficients < least)
            yield return $"Spatial {Spatial} halves the map of {Coefficients} coefficients x {Components} components again and again: both must be {least} at least.";
        if (Fusion == Fusion.Attention && Spatial != SpatialNetwork.None && Temporal != TemporalNetwork.None && Embedding < AttentionFusion.PoolSize)
            yield return $"Embedding is {Embedding}: attention pools over {AttentionFusion.PoolSize} values, so it is {AttentionFusion.PoolSize} at least.";
    }
}

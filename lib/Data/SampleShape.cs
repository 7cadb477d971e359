using DeviceId.Foundation;

namespace DeviceId.Data;

/// <summary>The sizes of samples and labels: what a network must know of them. The defaults are those of the paper's text.</summary>
/// <param name="Devices">Classes.</param>
/// <param name="Components">Gaussian components of the background model; 0 without supervectors.</param>
/// <param name="Coefficients">Coefficients that the background model knows.</param>
/// <param name="Frames">Frames of a segment.</param>
/// <param name="FurtherColumns">Columns of a segment beside these coefficients.</param>
public sealed record SampleShape(
    int Devices = 45, int Components = 64, int Coefficients = 39, int Frames = 64, int FurtherColumns = 0) : Options
{
    /// <summary>Supervectors and segments of more values than this are not made.</summary>
    private const long MaxValues = 1 << 28;

    /// <summary>The samples of the paper's text: segments of 64 frames.</summary>
    public static SampleShape AsWritten { get; } = new();

    /// <summary>The samples of the paper's parameter count: 685 frames match its 114,765 k within 0.05 %, which is no proof.</summary>
    public static SampleShape AsCounted { get; } = new(Frames: 685);

    /// <summary>Columns of a segment: a segment is (frame, column).</summary>
    public int Columns => Coefficients + FurtherColumns;

    /// <summary>Values of a supervector: component x coefficient.</summary>
    public int SupervectorLength => Components * Coefficients;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Devices < 2)
            yield return $"Devices is {Devices}: there must be two to tell apart.";
        if (Frames < 1)
            yield return $"Frames is {Frames}: a segment has one at least.";
        foreach (var (name, value) in new[] { (nameof(Components), Components), (nameof(FurtherColumns), FurtherColumns) })
            if (value < 0)
                yield return $"{name} is {value}: it is 0 at least.";
        if (Coefficients < 1)
            yield return $"Coefficients is {Coefficients}: a frame has one at least.";
        if ((long)Components * Coefficients > MaxValues)
            yield return $"Components is {Components} and Coefficients {Coefficients}: "
                + $"supervectors of more than {MaxValues} values are not made.";
        if (Frames * ((long)Coefficients + FurtherColumns) > MaxValues)
            yield return $"Frames is {Frames}, Coefficients {Coefficients}, FurtherColumns {FurtherColumns}: "
                + $"segments of more than {MaxValues} values are not made.";
    }
}

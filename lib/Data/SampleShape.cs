using DeviceId.Foundation;

namespace DeviceId.Data;

/// <summary>The sizes of samples and labels that a network is built for. The defaults are those of the paper's text.</summary>
/// <param name="Devices">Number of classes.</param>
/// <param name="Components">Gaussian components of the background model; 0 without supervectors.</param>
/// <param name="Coefficients">Coefficients that the background model uses.</param>
/// <param name="Frames">Frames in a segment.</param>
/// <param name="FurtherColumns">Columns of a segment besides these coefficients.</param>
public sealed record SampleShape(
    int Devices = 45, int Components = 64, int Coefficients = 39, int Frames = 64, int FurtherColumns = 0) : Options
{
    /// <summary>Maximum number of values in a supervector or a segment.</summary>
    private const long MaxValues = 1 << 28;

    /// <summary>The samples of the paper's text: segments of 64 frames.</summary>
    public static SampleShape AsWritten { get; } = new();

    /// <summary>
    /// The samples according to the paper's parameter count: 685 frames match its 114,765 k within 0.05 %, which does not prove that the
    /// authors used 685.
    /// </summary>
    public static SampleShape AsCounted { get; } = new(Frames: 685);

    /// <summary>Number of columns of a segment; a segment is (frame, column).</summary>
    public int Columns => Coefficients + FurtherColumns;

    /// <summary>Number of values in a supervector: components x coefficients.</summary>
    public int SupervectorLength => Components * Coefficients;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Devices < 2)
            yield return $"Devices is {Devices}: a classifier needs at least 2.";
        if (Frames < 1)
            yield return $"Frames is {Frames}: a segment needs at least 1.";
        foreach (var (name, value) in new[] { (nameof(Components), Components), (nameof(FurtherColumns), FurtherColumns) })
            if (value < 0)
                yield return $"{name} is {value}: it must be at least 0.";
        if (Coefficients < 1)
            yield return $"Coefficients is {Coefficients}: a frame needs at least 1.";
        if ((long)Components * Coefficients > MaxValues)
            yield return $"Components is {Components} and Coefficients {Coefficients}: "
                + $"a supervector may have at most {MaxValues} values.";
        if (Frames * ((long)Coefficients + FurtherColumns) > MaxValues)
            yield return $"Frames is {Frames}, Coefficients {Coefficients}, FurtherColumns {FurtherColumns}: "
                + $"a segment may have at most {MaxValues} values.";
    }
}

namespace DeviceId.Reporting;

/// <summary>Colours of charts.</summary>
/// <remarks>
/// Lines: after M. Okabe, K. Ito, "Color Universal Design" (2008), the light ones darkened, so that each has a contrast of at least 3:1
/// both on white and on a dark page. Heat maps: nine colours of Viridis (S. van der Walt, N. Smith, 2015) for non-negative values,
/// blue-white-orange for signed values.
/// </remarks>
internal static class ChartColours
{
    /// <summary>Colours of lines and points.</summary>
    public static readonly IReadOnlyList<string> Lines = ["#0072B2", "#D55E00", "#009E73", "#C46A9C", "#B07A00", "#8A6BD1", "#808080"];

    /// <summary>Colour of what is only a reference: a diagonal, chance, zero.</summary>
    public const string Reference = "#808080";

    public static readonly IReadOnlyList<string> Viridis =
        ["#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30", "#FDE725"];

    public static readonly IReadOnlyList<string> BlueWhiteOrange = ["#0072B2", "#F7F7F7", "#D55E00"];

    /// <summary>Colour of a line by its number.</summary>
    public static string Line(int index) => Lines[index % Lines.Count];
}

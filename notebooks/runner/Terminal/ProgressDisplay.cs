using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace DeviceId.Notebooks.Terminal;

/// <summary>
/// The progress that a cell shows: a display with the attributes data-deviceid-progress="0.35" data-deviceid-status="epoch 3 of 10" updates
/// the bar in the terminal.
/// </summary>
/// <param name="Fraction">Progress of the cell itself, 0 to 1.</param>
/// <param name="Status">The text beside the bar.</param>
internal sealed partial record ProgressDisplay(double Fraction, string Status)
{
    /// <summary>The progress in a shown value; null if it shows none.</summary>
    public static ProgressDisplay? In(IReadOnlyDictionary<string, string>? mime)
    {
        if (mime is null || !mime.TryGetValue("text/html", out var html) || Progress().Match(html) is not { Success: true } match)
            return null;
        return double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction)
            ? new(Math.Clamp(fraction, 0, 1), WebUtility.HtmlDecode(StatusText().Match(html).Groups[1].Value)) : null;
    }

    [GeneratedRegex("""data-deviceid-progress="([0-9.eE+-]+)["]""")]
    private static partial Regex Progress();

    [GeneratedRegex("""data-deviceid-status="([^"]*)["]""")]
    private static partial Regex StatusText();
}

using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// Progress in a displayed value, for the bar in the terminal: its HTML has the attributes data-deviceid-progress="0.35" and
/// data-deviceid-status="epoch 3 of 10".
/// </summary>
internal static partial class ProgressDisplay
{
    /// <summary>Text and fraction, 0 to 1; null if the value shows no progress.</summary>
    public static (string Status, double Fraction)? Read(IReadOnlyDictionary<string, string> mime)
    {
        if (!mime.TryGetValue("text/html", out var html) || ProgressAttribute().Match(html) is not { Success: true } match
            || !double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction))
            return null;
        return (WebUtility.HtmlDecode(StatusAttribute().Match(html).Groups[1].Value), Math.Clamp(fraction, 0, 1));
    }

    [GeneratedRegex("""data-deviceid-progress="([0-9.eE+-]+)["]""")]
    private static partial Regex ProgressAttribute();

    [GeneratedRegex("""data-deviceid-status="([^"]*)["]""")]
    private static partial Regex StatusAttribute();
}

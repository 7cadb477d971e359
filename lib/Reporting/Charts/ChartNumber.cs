using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>Numbers in charts: at most six digits, and a minus sign instead of a hyphen.</summary>
internal static class ChartNumber
{
    /// <summary>Above and below these magnitudes a number is written with a power of ten.</summary>
    private const double MaxPlain = 1e6;
    private const double MinPlain = 1e-4;

    /// <summary>The number for a tick or a label.</summary>
    public static string Text(double value)
    {
        var isPlain = value == 0 || (Math.Abs(value) < MaxPlain && Math.Abs(value) >= MinPlain);
        // Rounding first: steps of 0.1 add up to 0.30000000000000004.
        return value.ToString(isPlain ? "0.######" : "0.###e0", CultureInfo.InvariantCulture).Replace('-', '\u2212');
    }
}

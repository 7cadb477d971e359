using System.Globalization;

namespace DeviceId.Notebooks.Terminal;

/// <summary>Durations in words.</summary>
internal static class Duration
{
    /// <summary>"42 s", "8 min 12 s", "3 h 05 min".</summary>
    public static string Exact(TimeSpan time) => time.TotalMinutes < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : time.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min");

    /// <summary>Rounded up: "50 seconds", "9 minutes", "3 hours".</summary>
    public static string Rough(TimeSpan time)
    {
        if (time.TotalSeconds <= 90)
            return Text(Math.Max(10, 10 * Math.Ceiling(time.TotalSeconds / 10)), "seconds");
        return time.TotalMinutes <= 90 ? Text(Math.Ceiling(time.TotalMinutes), "minutes") : Text(Math.Ceiling(time.TotalHours), "hours");
    }

    private static string Text(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number:0} {unit}");
}

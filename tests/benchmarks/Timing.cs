using System.Diagnostics;
using System.Globalization;

namespace DeviceId.Benchmarks;

/// <summary>How times are taken and shown.</summary>
internal static class Timing
{
    /// <summary>Seconds that an action takes.</summary>
    public static double Seconds(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Median (least to greatest), each in a format.</summary>
    public static string Range(IReadOnlyCollection<double> values, string format)
    {
        string Shown(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return $"{Shown(Median(values))} ({Shown(values.Min())} to {Shown(values.Max())})";
    }
}

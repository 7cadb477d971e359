using System.Diagnostics;
using System.Globalization;

namespace DeviceId.Benchmarks;

/// <summary>Measures and formats times.</summary>
internal static class Timing
{
    /// <summary>Run time of an action in seconds.</summary>
    public static double Seconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The median; the mean of the two middle values for an even count.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Formats values as "median (min to max)".</summary>
    public static string Range(IReadOnlyCollection<double> values, string format)
    {
        string Format(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return $"{Format(Median(values))} ({Format(values.Min())} to {Format(values.Max())})";
    }
}

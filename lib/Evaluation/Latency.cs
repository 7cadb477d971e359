using System.Diagnostics;

namespace DeviceId.Evaluation;

/// <summary>Measures latency.</summary>
internal static class Latency
{
    /// <summary>Median time of an action, in milliseconds, after warm-up runs.</summary>
    /// <param name="action">The action to time.</param>
    /// <param name="repeats">Number of timed runs, at least 1.</param>
    /// <param name="warmUps">Number of runs before, which are not timed.</param>
    public static double Milliseconds(Action action, int repeats = 15, int warmUps = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        for (var i = 0; i < warmUps; i++)
            action();
        var times = new double[repeats];
        for (var i = 0; i < repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return (times[(repeats - 1) / 2] + times[repeats / 2]) / 2;
    }
}

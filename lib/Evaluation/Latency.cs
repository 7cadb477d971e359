using System.Diagnostics;

namespace DeviceId.Evaluation;

/// <summary>Time for one sample.</summary>
internal static class Latency
{
    /// <summary>Median time of an action, in milliseconds, after it has been warmed up.</summary>
    /// <param name="action">What is timed.</param>
    /// <param name="repeats">Times it is timed, at least 1.</param>
    /// <param name="warmUps">Times it is run before.</param>
    public static double Milliseconds(Action action, int repeats = 15, int warmUps = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        for (var i = 0; i < warmUps; i++)
            action();
        var times = new double[repeats];
        for (var i = 0; i < repeats; i++)
        {
            var began = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Array.Sort(times);
        return (times[(repeats - 1) / 2] + times[repeats / 2]) / 2;
    }
}

using System.Globalization;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>Ends the kernel when the program that started it has gone without a word: Jupyter names it in JPY_PARENT_PID.</summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <returns>Stops the watch when disposed; null where nobody is named.</returns>
    public static IDisposable? Start(Action gone)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var parent) || parent <= 1)
            return null;
        return new Timer(_ =>
        {
            if (!IsAlive(parent))
                gone();
        }, null, Interval, Interval);
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

using System.Globalization;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>Ends the kernel when the process that started it has ended without a shutdown. Jupyter sets its id in JPY_PARENT_PID.</summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <param name="ended">Called when the parent has ended.</param>
    /// <returns>Stops watching when disposed; null if no parent is named.</returns>
    public static IDisposable? Start(Action ended)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var parent) || parent <= 1)
            return null;
        return new Timer(_ =>
        {
            if (!IsAlive(parent))
                ended();
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

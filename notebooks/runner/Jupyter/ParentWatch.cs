using System.Globalization;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>Ends the kernel when the process that started it has ended without a shutdown. Jupyter sets its id in JPY_PARENT_PID.</summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <param name="ended">Called when the parent has ended. Without a named parent there is nothing to watch.</param>
    public static void Start(Action ended)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var parent) || parent <= 1)
            return;
        // A thread of its own: a cell can occupy all threads of the pool.
        new Thread(() => Watch(parent, ended)) { IsBackground = true, Name = "parent watch" }.Start();
    }

    private static void Watch(int parent, Action ended)
    {
        while (IsAlive(parent))
            Thread.Sleep(Interval);
        ended();
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            return !process.HasExited && !IsZombie(id);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // A process whose parent does not ask for its exit code keeps its number after its end.
    private static bool IsZombie(int id)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            // "ID (NAME) STATE …"; the name may contain spaces and parentheses.
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 1)..].TrimStart() is ['Z' or 'X', ..];
        }
        catch (IOException)
        {
            return true;
        }
    }
}

using System.Runtime.InteropServices;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>
/// The processes that cells start: they have no standard input, and end with the kernel. (Only on Linux: elsewhere they have the kernel's
/// standard input, and those that are left go on.)
/// </summary>
internal static class CellProcesses
{
    // What a process starts inherits its environment, also when a process between them has ended.
    private const string Variable = "DEVICEID_KERNEL";

    private const int StandardInput = 0;

    // A cell that starts processes all the time must not delay the end.
    private const int MaxRounds = 10;

    private static readonly string Mark = Guid.NewGuid().ToString("N");

    /// <summary>Call this before the first cell.</summary>
    public static void Begin()
    {
        Console.SetIn(TextReader.Null);
        Environment.SetEnvironmentVariable(Variable, Mark);
        if (!OperatingSystem.IsLinux())
            return;
        using var nothing = File.OpenHandle("/dev/null");
        _ = Duplicate((int)nothing.DangerousGetHandle(), StandardInput);
    }

    /// <summary>Kills all that are left.</summary>
    public static void End()
    {
        for (var round = 0; round < MaxRounds && OperatingSystem.IsLinux(); round++)
        {
            var left = Find();
            if (left.Count == 0)
                return;
            left.ForEach(Kill);
        }
    }

    private static List<int> Find()
    {
        var all = ProcessTable.ReadAll().Where(p => !p.HasEnded && p.Id != Environment.ProcessId).ToList();
        var found = all.Where(p => p.HasVariable(Variable, Mark)).Select(p => p.Id).Append(Environment.ProcessId).ToHashSet();

        // A process may have changed its environment: its parent is known.
        while (all.Where(p => found.Contains(p.Parent) && found.Add(p.Id)).ToList().Count > 0)
        {
        }

        found.Remove(Environment.ProcessId);
        return [.. found];
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended, or belongs to another user.
        }
    }

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Duplicate(int file, int onto);
}

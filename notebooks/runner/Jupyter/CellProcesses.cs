using System.Runtime.InteropServices;
using DeviceId.Notebooks.Process;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>
/// The processes that cells start: they have no standard input, and end with the kernel. (Only on Linux: elsewhere they have the kernel's
/// standard input, and those that are left go on.)
/// </summary>
internal static class CellProcesses
{
    private const int StandardInput = 0;

    private static readonly string Key = Guid.NewGuid().ToString("N");

    /// <summary>Call this before the first cell.</summary>
    public static void Begin()
    {
        Console.SetIn(TextReader.Null);
        Environment.SetEnvironmentVariable(LeftBehind.Variable, Key);
        if (!OperatingSystem.IsLinux())
            return;
        using var nothing = File.OpenHandle("/dev/null");
        _ = Duplicate((int)nothing.DangerousGetHandle(), StandardInput);
    }

    /// <summary>Kills all that are left.</summary>
    public static void End() => LeftBehind.Kill(Key);

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Duplicate(int file, int onto);
}

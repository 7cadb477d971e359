using System.Runtime.InteropServices;

namespace DeviceId.Notebooks.Process;

/// <summary>The signals that ask a process to end: Ctrl-C, kill, and the end of the terminal.</summary>
internal static class StopSignals
{
    private const int HangupBit = 1;

    public static IReadOnlyList<PosixSignal> All { get; } =
        [PosixSignal.SIGINT, PosixSignal.SIGTERM, .. IsHangupIgnored() ? Array.Empty<PosixSignal>() : [PosixSignal.SIGHUP]];

    // nohup starts a program with SIGHUP ignored: a handler would undo that.
    private static bool IsHangupIgnored()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        const string Field = "SigIgn:";
        var ignored = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return ignored is not null && (Convert.ToUInt64(ignored[Field.Length..].Trim(), 16) & HangupBit) != 0;
    }
}

namespace DeviceId.Fuzz;

/// <summary>
/// This process's folder for the files that readers are fed; in memory if possible, because thousands are written per second.
/// </summary>
internal static class Scratch
{
    private const string MemoryDisk = "/dev/shm";

    public static string Folder { get; } = Create();

    private static string Create()
    {
        var parent = Directory.Exists(MemoryDisk) ? MemoryDisk : Path.GetTempPath();
        var folder = Path.Combine(parent, $"deviceid-fuzz-{Environment.ProcessId}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }
}

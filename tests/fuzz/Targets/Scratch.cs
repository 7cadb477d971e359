namespace DeviceId.Fuzz;

/// <summary>
/// This process's folder for the files that readers are fed; in memory where the system has such a place, for thousands are written a
/// second.
/// </summary>
internal static class Scratch
{
    private const string Memory = "/dev/shm";

    public static string Folder { get; } = Make();

    private static string Make()
    {
        var folder = Path.Combine(Directory.Exists(Memory) ? Memory : Path.GetTempPath(), $"deviceid-fuzz-{Environment.ProcessId}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }
}

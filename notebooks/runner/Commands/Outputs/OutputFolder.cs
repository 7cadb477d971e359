using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Commands.Outputs;

/// <summary>Keeps a folder of results for one run: two would replace each other's copies and report.</summary>
internal static class OutputFolder
{
    private const string LockName = ".deviceid-run";

    /// <summary>
    /// Creates the folder and locks it until the result is disposed; the system unlocks it for a process that was killed.
    /// </summary>
    /// <exception cref="NotebookException">Another run writes there.</exception>
    public static IDisposable Lock(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, LockName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException problem) when (File.Exists(path))
        {
            throw new NotebookException($"Another run is writing to '{folder}': wait for its end, or name another folder with --out.",
                problem);
        }
    }
}

using DeviceId.Foundation;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Commands;

/// <summary>Finds out before the work, not after it, whether its result can be written.</summary>
internal static class WritableFile
{
    /// <summary>Makes the file's folder where it is missing, and writes and removes a file beside it.</summary>
    /// <param name="option">The option that names it, for the message.</param>
    /// <param name="path">The file to be written later; it is not touched.</param>
    /// <exception cref="NotebookException">It could not be written.</exception>
    public static void Require(string option, string path)
    {
        if (Directory.Exists(path))
            throw new NotebookException($"{option}: '{path}' is a folder; name a file.");
        var probe = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".deviceid-{Guid.NewGuid():N}");
        try
        {
            AtomicFile.WriteText(probe, "");
            File.Delete(probe);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{option}: '{path}' cannot be written: {problem.Message} Name another place, or make this one writable.");
        }
    }
}

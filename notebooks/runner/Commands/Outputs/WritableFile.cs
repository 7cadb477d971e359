using System.Text;
using DeviceId.Foundation;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Commands;

/// <summary>Checks before the work, not after it, that the result can be written.</summary>
internal static class WritableFile
{
    /// <summary>Longest name of a file that can be written (bytes of UTF-8): 255, less the 38 that its temporary name adds.</summary>
    public const int MaxNameBytes = 217;

    /// <summary>Creates the file's folder if it is missing, and writes and deletes a temporary file beside it.</summary>
    /// <param name="option">The option that names the file, for the message.</param>
    /// <param name="path">The file that will be written later; it is not touched.</param>
    /// <exception cref="NotebookException">The file cannot be written.</exception>
    public static void Require(string option, string path)
    {
        if (Directory.Exists(path))
            throw new NotebookException($"{option}: '{path}' is a folder; name a file.");
        if (Encoding.UTF8.GetByteCount(Path.GetFileName(path)) > MaxNameBytes)
            throw new NotebookException($"{option}: the name of '{path}' is too long: at most {MaxNameBytes} bytes. Name another file.");
        var probe = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".deviceid-{Guid.NewGuid():N}");
        try
        {
            AtomicFile.WriteText(probe, "");
            File.Delete(probe);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException(
                $"{option}: '{path}' cannot be written: {problem.Message} Name another place, or make this one writable.");
        }
    }
}

namespace DeviceId.Foundation;

/// <summary>Files that are whole or absent: written under a temporary name in the same folder, flushed to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>A temporary file that was last written so long ago and that nobody holds open has no writer any more.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    /// <summary>Writes a file through <paramref name="write"/>; a reader sees the old contents or the new, never a part.</summary>
    /// <param name="path">The final name; its folder is made when missing.</param>
    /// <param name="write">Writes the contents to the stream it is given.</param>
    /// <param name="flushed">
    /// Whether to wait until the disk has it. Without, a power cut may leave an empty or torn file (a killed process leaves none): for what
    /// has a checksum and can be made again, in thousands of files (measured on a virtual disk: 5 ms each).
    /// </param>
    public static void Write(string path, Action<Stream> write, bool flushed = true)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushed);
                // While it is still open: a file that nobody holds could be taken for abandoned.
                File.Move(temporary, path, overwrite: true);
            }
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>
    /// Removes what writers left behind that were killed; what another process is writing stays. Without a word where it cannot.
    /// </summary>
    /// <param name="folder">The folder of the files that were being written; it need not exist.</param>
    public static void RemoveAbandoned(string folder)
    {
        foreach (var file in Temporaries(folder))
        {
            if (file.LastWriteTimeUtc > DateTime.UtcNow - Abandoned)
                continue;
            try
            {
                // Refused while anybody else has it open.
                new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It is being written after all, or is gone, or is not ours to remove.
            }
        }
    }

    private static FileInfo[] Temporaries(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? new DirectoryInfo(folder).GetFiles(".*.tmp") : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody else's folder.
            return [];
        }
    }

    /// <summary>Writes a text file (UTF-8 without mark) atomically.</summary>
    public static void WriteText(string path, string text) => WriteBytes(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file of bytes atomically.</summary>
    public static void WriteBytes(string path, byte[] bytes, bool flushed = true) => Write(path, stream => stream.Write(bytes), flushed);
}

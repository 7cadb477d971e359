namespace DeviceId.Foundation;

/// <summary>Writes files atomically: under a temporary name in the same folder, flushed to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>A temporary file that is older than this and not open in any process is abandoned.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    /// <summary>Writes a file through <paramref name="write"/>; a reader sees the old contents or the new, never a part of them.</summary>
    /// <param name="path">The final name; its folder is created if missing.</param>
    /// <param name="write">Writes the contents to the given stream.</param>
    /// <param name="flushed">
    /// Whether to wait until the data is on the disk. Without, a power cut may leave an empty or incomplete file (a killed process does
    /// not). False suits thousands of files that have a checksum and can be created again (measured on a virtual disk: 5 ms each).
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
                // While the file is still open: a closed one could be taken for abandoned.
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
    /// Removes the temporary files of killed processes. Files that another process is writing stay; files that cannot be deleted are
    /// skipped.
    /// </summary>
    /// <param name="folder">The folder of the files; it need not exist.</param>
    public static void RemoveAbandoned(string folder)
    {
        foreach (var file in Temporaries(folder))
        {
            if (file.LastWriteTimeUtc > DateTime.UtcNow - Abandoned)
                continue;
            try
            {
                // Fails while another process has the file open.
                new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Still being written, already gone, or not ours to remove.
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
            // A folder that we may not read.
            return [];
        }
    }

    /// <summary>Writes a text file (UTF-8 without byte order mark) atomically.</summary>
    public static void WriteText(string path, string text) => WriteBytes(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes to a file atomically.</summary>
    public static void WriteBytes(string path, byte[] bytes, bool flushed = true) => Write(path, stream => stream.Write(bytes), flushed);
}

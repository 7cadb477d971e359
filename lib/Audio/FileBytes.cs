namespace DeviceId.Audio;

/// <summary>Reads files as bytes, with one kind of error.</summary>
internal static class FileBytes
{
    /// <summary>The whole file.</summary>
    /// <exception cref="AudioException">It is missing, a folder, empty, too large for one array, or not to be read.</exception>
    public static byte[] ReadAll(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new AudioException(path, "this is a folder, not a recording.");
            var length = new FileInfo(path).Length;
            if (length == 0)
                throw new AudioException(path, "the file is empty (0 bytes).");
            if (length > Array.MaxLength)
                throw new AudioException(path, $"the file has {length} bytes, more than the {Array.MaxLength} that can be read at once: split the recording.");
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new AudioException(path, $"the file cannot be opened: {error.Message}", error);
        }
    }

    /// <summary>The first bytes of a file, <paramref name="count"/> at most.</summary>
    /// <exception cref="AudioException">The file cannot be opened.</exception>
    public static byte[] ReadHeader(string path, int count)
    {
        try
        {
            if (Directory.Exists(path))
                throw new AudioException(path, "this is a folder, not a recording.");
            using var stream = File.OpenRead(path);
            var header = new byte[count];
            return header[..stream.ReadAtLeast(header, count, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new AudioException(path, $"the file cannot be opened: {error.Message}", error);
        }
    }
}

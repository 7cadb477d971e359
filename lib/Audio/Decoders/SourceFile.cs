using DeviceId.Foundation;

namespace DeviceId.Audio;

/// <summary>A file that another decoder reads: its hash, and whether it changed meanwhile.</summary>
internal sealed class SourceFile
{
    private readonly string _path;
    private readonly DateTime _written;

    /// <summary>Hashes a file.</summary>
    /// <exception cref="AudioException">The file cannot be read.</exception>
    public SourceFile(string path)
    {
        _path = path;
        (Length, _written) = State();
        try
        {
            Hash = ContentHash.HashFile(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AudioException(path, $"the file cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Length (bytes).</summary>
    public long Length { get; }

    /// <summary>SHA-256 of the whole file.</summary>
    public string Hash { get; }

    /// <summary>Checks that the file is still the one that was hashed.</summary>
    /// <exception cref="AudioException">It has another length or time of modification.</exception>
    public void RequireUnchanged()
    {
        if (State() != (Length, _written))
            throw new AudioException(_path, "it changed while it was read; wait until it is completely written.");
    }

    private (long Length, DateTime Written) State()
    {
        try
        {
            var file = new FileInfo(_path);
            return (file.Length, file.LastWriteTimeUtc);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AudioException(_path, $"the file cannot be read: {error.Message}", error);
        }
    }
}

namespace DeviceId.Audio;

/// <summary>A file that another decoder opens itself: whether it changed meanwhile.</summary>
internal sealed class SourceFile
{
    private readonly string _path;
    private readonly long _length;
    private readonly DateTime _written;

    /// <summary>Remembers the state of a file.</summary>
    /// <exception cref="AudioException">The file cannot be read.</exception>
    public SourceFile(string path)
    {
        _path = path;
        (_length, _written) = State();
    }

    /// <summary>Checks that the file is still the one that was opened.</summary>
    /// <exception cref="AudioException">It has another length or time of modification.</exception>
    public void RequireUnchanged()
    {
        if (State() != (_length, _written))
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

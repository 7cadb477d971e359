namespace DeviceId.Audio;

/// <summary>A range of a file as a read-only stream, for libraries that must not see what comes before and after.</summary>
internal sealed class FileRange : Stream
{
    private readonly FileBytes _file;
    private readonly long _first;

    /// <param name="path">The file.</param>
    /// <param name="first">Offset of the first byte.</param>
    /// <param name="end">Offset after the last byte; at most the length of the file is used.</param>
    /// <exception cref="AudioException">The file cannot be opened.</exception>
    public FileRange(string path, long first, long end)
    {
        (_file, _first) = (FileBytes.Open(path), first);
        Length = Math.Max(0, Math.Min(end, _file.Length) - first);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override long Position { get; set; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var wanted = (int)Math.Clamp(Length - Position, 0, count);
        var read = _file.Read(_first + Position, buffer.AsSpan(offset, wanted));
        Position += read;
        return read;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = offset
        + (origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.Current ? Position : Length);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}

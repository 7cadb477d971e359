namespace DeviceId.Audio;

/// <summary>A decoder's reader, completed by the hash of the file and whether it has grown.</summary>
/// <param name="file">The file; disposed of with the reader.</param>
/// <param name="decoder">Reads the same file.</param>
internal sealed class DecodedReader(FileBytes file, AudioReader decoder) : AudioReader
{
    private AudioFileInfo? _complete;

    /// <inheritdoc/>
    public override AudioFileInfo Info => _complete ?? (decoder.Info with { FileBytes = file.Length });

    /// <inheritdoc/>
    public override long? Frames => decoder.Frames;

    /// <inheritdoc/>
    public override int Read(Span<float> interleaved)
    {
        var frames = decoder.Read(interleaved);
        if (frames == 0)
            _complete ??= file.Complete(decoder.Info);
        return frames;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        decoder.Dispose();
        file.Dispose();
    }
}

namespace DeviceId.Audio;

/// <summary>Decodes a file from beginning to end, all channels, in blocks: memory does not depend on its length.</summary>
/// <remarks>Not thread-safe. To read again, open the file again.</remarks>
internal abstract class AudioReader : IDisposable
{
    /// <summary>
    /// How the file is read. <see cref="AudioFileInfo.BytesUsed"/>, complaints and warnings are complete after the last block.
    /// </summary>
    public abstract AudioFileInfo Info { get; }

    /// <summary>Number of sample frames, if it is known before the end.</summary>
    public abstract long? Frames { get; }

    /// <summary>Reads the next sample frames, full scale = 1, channels interleaved; all values are finite.</summary>
    /// <param name="interleaved">The buffer; its length is a multiple of the number of channels.</param>
    /// <returns>Number of sample frames read; 0 at the end, and only there.</returns>
    /// <exception cref="AudioException">The file is damaged or can no longer be read.</exception>
    public abstract int Read(Span<float> interleaved);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}

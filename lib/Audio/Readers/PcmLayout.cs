namespace DeviceId.Audio;

/// <summary>Where the samples of an uncompressed file are, and how they are stored.</summary>
/// <param name="Container">File format, such as "WAV".</param>
/// <param name="Format">Encoding of a sample.</param>
/// <param name="BigEndian">Whether the most significant byte of a sample comes first.</param>
/// <param name="Channels">Number of channels, at least 1.</param>
/// <param name="SampleRate">Samples per second (Hz).</param>
/// <param name="Data">Ranges of the file that hold whole sample frames, in order, none empty.</param>
internal sealed record PcmLayout(
    string Container, SampleFormat Format, bool BigEndian, int Channels, int SampleRate, IReadOnlyList<DataRange> Data)
{
    /// <summary>Bytes of sound that the header claims; null if it makes no usable claim.</summary>
    public long? BytesClaimed { get; init; }

    /// <summary>Bytes from the first sample on that can be sound.</summary>
    public long BytesPresent { get; init; }

    /// <summary>Reasons to doubt that the whole recording is read, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Size of a sample frame (bytes).</summary>
    public int FrameBytes => Channels * SampleReader.Bytes(Format);

    /// <summary>Bytes of sound that are read.</summary>
    public long BytesUsed => Data.Sum(range => range.Length);

    /// <summary>Lays out one range of samples whose length a header claims.</summary>
    /// <param name="path">The file, named in the error.</param>
    /// <param name="container">File format.</param>
    /// <param name="coding">Encoding, byte order, channels and rate.</param>
    /// <param name="first">Offset of the first sample (bytes).</param>
    /// <param name="present">Bytes from there to the end of the file.</param>
    /// <param name="claimed">Bytes that the header claims; null if it gives no length.</param>
    /// <exception cref="AudioException">There is less than one sample frame.</exception>
    public static PcmLayout Single(string path, string container, PcmCoding coding, long first, long present, long? claimed)
    {
        var frame = coding.Channels * SampleReader.Bytes(coding.Format);
        var used = WholeFrames(Math.Min(claimed ?? present, present), frame);
        if (used == 0)
            throw new AudioException(path, $"the {container} file holds no sound: it has less than one whole sample.");
        return new PcmLayout(container, coding.Format, coding.BigEndian, coding.Channels, coding.SampleRate, [new(first, used)])
        {
            BytesClaimed = claimed,
            BytesPresent = present,
            Warnings = claimed is null ? [LengthWarnings.Unknown(used)]
                : claimed > present ? [LengthWarnings.CutShort(claimed.Value, present, used)] : [],
        };
    }

    /// <summary>The largest multiple of a frame's size that is not greater than a length.</summary>
    public static long WholeFrames(long length, int frameBytes) => length - (length % frameBytes);
}

/// <summary>Consecutive bytes of a file.</summary>
/// <param name="First">Offset of the first byte.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct DataRange(long First, long Length);

/// <summary>How the samples of an uncompressed file are stored.</summary>
/// <param name="Format">Encoding of a sample.</param>
/// <param name="BigEndian">Whether the most significant byte of a sample comes first.</param>
/// <param name="Channels">Number of channels, at least 1.</param>
/// <param name="SampleRate">Samples per second (Hz).</param>
internal readonly record struct PcmCoding(SampleFormat Format, bool BigEndian, int Channels, int SampleRate);

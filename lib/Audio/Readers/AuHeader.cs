using System.Buffers.Binary;

namespace DeviceId.Audio;

/// <summary>Finds format and samples of a Sun or NeXT AU file.</summary>
internal static class AuHeader
{
    private const int Length = 24;

    /// <summary>Whether a file begins like an AU file.</summary>
    public static bool Recognises(ReadOnlySpan<byte> header) => header.StartsWith(".snd"u8);

    /// <summary>Parses the header; null if the samples are compressed.</summary>
    /// <exception cref="AudioException">The file is damaged.</exception>
    public static PcmLayout? Read(string path, FileBytes file)
    {
        Span<byte> header = stackalloc byte[Length];
        if (file.Read(0, header) < Length)
            throw new AudioException(path, "the AU file ends inside its header: it is truncated.");
        long first = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        long claimed = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        SampleFormat? format = BinaryPrimitives.ReadUInt32BigEndian(header[12..]) switch
        {
            1 => SampleFormat.MuLaw,
            2 => SampleFormat.Signed8,
            3 => SampleFormat.Signed16,
            4 => SampleFormat.Signed24,
            5 => SampleFormat.Signed32,
            6 => SampleFormat.Float32,
            7 => SampleFormat.Float64,
            27 => SampleFormat.ALaw,
            _ => null,
        };
        if (format is not { } known)
            return null;
        if (first < Length || first > file.Length)
            throw new AudioException(path, $"the AU file says that its sound begins at byte {first} of {file.Length}: it is damaged.");
        var rate = BinaryPrimitives.ReadUInt32BigEndian(header[16..]);
        var channels = BinaryPrimitives.ReadUInt32BigEndian(header[20..]);
        AudioLimits.Check(path, rate, channels);
        return PcmLayout.Single(path, "AU", new(known, true, (int)channels, (int)rate), first, file.Length - first,
            claimed is 0 or 0xFFFFFFFF ? null : claimed);
    }
}

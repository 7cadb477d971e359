using System.Buffers.Binary;

namespace DeviceId.Audio;

/// <summary>The 'fmt ' chunk of WAV and Wave64 files.</summary>
/// <param name="Coding">Format number: 1 for PCM, 3 for floating point, 6 for A-law, 7 for µ-law.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="SampleRate">Samples per second (Hz).</param>
/// <param name="FrameBytes">Claimed size of a sample frame (bytes); often wrong.</param>
/// <param name="Bits">Bits of a sample.</param>
/// <param name="BigEndian">Whether the file is big-endian (RIFX).</param>
internal readonly record struct WaveFormat(int Coding, int Channels, int SampleRate, int FrameBytes, int Bits, bool BigEndian)
{
    /// <summary>Bytes that <see cref="Parse"/> looks at.</summary>
    public const int MaxLength = GuidOffset + 16;

    private const int Pcm = 1;
    private const int Float = 3;
    private const int ALaw = 6;
    private const int MuLaw = 7;
    private const int Extensible = 0xFFFE;
    private const int GuidOffset = 24;
    private const int LargestSample = 8;

    // WAVE_FORMAT_EXTENSIBLE's sub-format is a GUID: the old format number, then these bytes.
    private static ReadOnlySpan<byte> SubFormatTail => [0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    /// <summary>Size of a sample by its bits, in whole bytes.</summary>
    private int SampleBytes => (Bits + 7) / 8;

    /// <summary>Parses the chunk.</summary>
    /// <exception cref="AudioException">The chunk is too short, or its rate or number of channels is not plausible.</exception>
    public static WaveFormat Parse(string path, ReadOnlySpan<byte> chunk, bool bigEndian)
    {
        if (chunk.Length < 14)
            throw new AudioException(path, $"the WAV file's 'fmt ' chunk has {chunk.Length} bytes instead of at least 14: it is damaged.");
        int coding = ReadUInt16(chunk, bigEndian);
        int channels = ReadUInt16(chunk[2..], bigEndian);
        var rate = bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        var bits = chunk.Length < 16 ? 8 : ReadUInt16(chunk[14..], bigEndian);
        if (coding == Extensible && chunk.Length >= MaxLength && chunk.Slice(GuidOffset + 4, 12).SequenceEqual(SubFormatTail))
            coding = ReadUInt16(chunk[GuidOffset..], bigEndian);
        AudioLimits.Check(path, rate, channels);
        return new WaveFormat(coding, channels, (int)rate, ReadUInt16(chunk[12..], bigEndian), bits, bigEndian);
    }

    /// <summary>How a sample is stored, null if it is not PCM of a known size. 24 bits in 4 bytes are taken to be the lower ones.</summary>
    public SampleFormat? Samples => (Coding, SampleBytes) switch
    {
        (Pcm, 3) when FrameBytes == 4 * Channels => SampleFormat.Signed24In4,
        (Pcm, 1) when Bits > 0 => SampleFormat.Unsigned8,
        (Pcm, 2) => SampleFormat.Signed16,
        (Pcm, 3) => SampleFormat.Signed24,
        (Pcm, 4) => SampleFormat.Signed32,
        (Float, 4) => SampleFormat.Float32,
        (Float, 8) => SampleFormat.Float64,
        (ALaw, _) => SampleFormat.ALaw,
        (MuLaw, _) => SampleFormat.MuLaw,
        _ => null,
    };

    /// <summary>What is wrong with the claimed size of a sample frame, which recorders often miscalculate; null if it is right.</summary>
    /// <exception cref="AudioException">It is larger than frames of the largest samples.</exception>
    public string? FrameSizeWarning(string path, int frameBytes)
    {
        if (FrameBytes == frameBytes)
            return null;
        return FrameBytes <= LargestSample * Channels
            ? LengthWarnings.WrongFrameSize(FrameBytes, frameBytes)
            : throw new AudioException(path,
                $"the WAV file claims {FrameBytes} bytes for {Channels} channels of {Bits} bits: its header is damaged.");
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}

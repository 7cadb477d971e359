using System.Buffers.Binary;

namespace DeviceId.Audio;

/// <summary>Finds format and samples of a Wave64 file (w64): chunks named by GUIDs, with sizes of 64 bits, at multiples of 8.</summary>
internal static class Wave64Header
{
    private const int ChunkHeader = 24;
    private const int FirstChunk = 40;
    private const int MaxChunks = 10_000;

    private static ReadOnlySpan<byte> Riff =>
        [0x72, 0x69, 0x66, 0x66, 0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0x00, 0x00];

    private static ReadOnlySpan<byte> Tail => [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0x00, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A];

    /// <summary>Whether a file begins like a Wave64 file.</summary>
    public static bool Recognises(ReadOnlySpan<byte> header) => header.StartsWith(Riff);

    /// <summary>Parses the chunks up to the samples; null if they are compressed.</summary>
    /// <exception cref="AudioException">The file is damaged.</exception>
    public static PcmLayout? Read(string path, FileBytes file)
    {
        WaveFormat? format = null;
        Span<byte> chunk = stackalloc byte[ChunkHeader];
        long position = FirstChunk;
        for (var chunks = 0; position + ChunkHeader <= file.Length && chunks < MaxChunks; chunks++)
        {
            file.Read(position, chunk);
            var size = BinaryPrimitives.ReadUInt64LittleEndian(chunk[16..]);
            var present = file.Length - position - ChunkHeader;
            var body = size < ChunkHeader ? 0 : (long)Math.Min(size - ChunkHeader, long.MaxValue / 2);
            if (Is(chunk, "data"u8))
                return Layout(path, file, format, position + ChunkHeader, present,
                    size < ChunkHeader || size == ulong.MaxValue ? null : body);
            if (size < ChunkHeader || body > present)
                throw new AudioException(path, $"the Wave64 file has a chunk of {size} bytes where {present} are left: it is damaged.");
            if (Is(chunk, "fmt "u8))
            {
                var bytes = new byte[Math.Min(body, WaveFormat.MaxLength)];
                file.Read(position + ChunkHeader, bytes);
                format = WaveFormat.Parse(path, bytes, bigEndian: false);
            }

            position += (ChunkHeader + body + 7) & ~7L;
        }

        throw new AudioException(path, "the Wave64 file has no 'data' chunk: it is truncated or damaged.");
    }

    private static bool Is(ReadOnlySpan<byte> guid, ReadOnlySpan<byte> name) => guid.StartsWith(name) && guid[4..16].SequenceEqual(Tail);

    private static PcmLayout? Layout(string path, FileBytes file, WaveFormat? format, long first, long present, long? claimed)
    {
        if (format is not { } known)
            throw new AudioException(path, "the Wave64 file has no 'fmt ' chunk before its sound: it is damaged.");
        if (known.Samples is not { } samples)
            return null;
        if (samples == SampleFormat.Signed24In4)
            samples = PaddedSamples.Resolve(file, [new(first, Math.Min(claimed ?? present, present))], bigEndian: false);
        var layout = PcmLayout.Single(path, "Wave64", new(samples, false, known.Channels, known.SampleRate), first, present, claimed);
        return known.FrameSizeWarning(path, layout.FrameBytes) is { } warning
            ? layout with { Warnings = [.. layout.Warnings, warning] } : layout;
    }
}

using System.Buffers.Binary;

namespace DeviceId.Audio;

/// <summary>Header of a WAV file and position of its samples, by the rules of <see cref="WaveFile"/>.</summary>
/// <param name="Format">Encoding of a sample.</param>
/// <param name="Channels">Number of channels, at least 1.</param>
/// <param name="SampleRate">Samples per second (Hz).</param>
/// <param name="First">Offset of the first sample in the file (bytes).</param>
/// <param name="Frames">Number of whole sample frames, at least 1.</param>
internal sealed record WaveHeader(SampleFormat Format, int Channels, int SampleRate, long First, long Frames)
{
    private const int Pcm = 1;
    private const int Float = 3;
    private const int Extensible = 0xFFFE;
    private const int GuidOffset = 24;
    private const int MaxFormatLength = GuidOffset + 16;
    private const int MaxChunks = 10_000;
    private const uint Unknown = 0xFFFFFFFF;

    // WAVE_FORMAT_EXTENSIBLE's sub-format is a GUID: the old format number, then these bytes.
    private static ReadOnlySpan<byte> SubFormatTail => [0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    /// <summary>Parses the chunks until the format and the samples are found.</summary>
    /// <exception cref="AudioException">The file is not a WAV file, or is damaged.</exception>
    public static WaveHeader Read(string path, FileBytes file)
    {
        Span<byte> start = stackalloc byte[12];
        if (!WaveFile.Recognises(start[..file.Read(0, start)]))
            throw new AudioException(path, "this is not a WAV file: it does not begin with RIFF or RF64 and WAVE.");
        byte[]? format = null;
        (long First, long Length)? data = null;
        ulong? longDataSize = null;
        Span<byte> chunk = stackalloc byte[8];
        Span<byte> ds64 = stackalloc byte[8];
        var chunks = 0;
        for (long position = 12; position + 8 <= file.Length && (format is null || data is null);)
        {
            if (++chunks > MaxChunks)
                throw new AudioException(path, $"the WAV file has more than {MaxChunks} chunks before its sound: it is damaged.");
            file.Read(position, chunk);
            var name = chunk[..4];
            long size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            var left = file.Length - position - 8;
            if (name.SequenceEqual("data"u8))
            {
                var claimed = size == Unknown && longDataSize is { } known ? known : (ulong)size;
                size = claimed == 0 && AreChunks(file, position + 8) ? 0 : DataLength(claimed, left);
                data = (position + 8, size);
            }
            else if (size > left)
            {
                throw new AudioException(path, $"the file ends inside its '{Printable(name)}' chunk, "
                    + $"which claims {size} bytes where {left} are left: it is truncated or damaged.");
            }
            else if (name.SequenceEqual("fmt "u8))
            {
                format = new byte[Math.Min(size, MaxFormatLength)];
                file.Read(position + 8, format);
            }
            else if (name.SequenceEqual("ds64"u8) && size >= 16)
            {
                file.Read(position + 16, ds64);
                longDataSize = BinaryPrimitives.ReadUInt64LittleEndian(ds64);
            }

            position += 8 + size + (size & 1);
        }

        if (format is null)
            throw new AudioException(path, "the WAV file has no 'fmt ' chunk: it is truncated or damaged.");
        if (data is null)
            throw new AudioException(path, "the WAV file has no 'data' chunk: it is truncated or damaged.");
        return Parse(path, format, data.Value.First, data.Value.Length);
    }

    /// <summary>Bytes of sample data: the claimed size, or the rest of the file if the claim is 0, unknown or too large.</summary>
    private static long DataLength(ulong claimed, long left) => claimed == 0 || claimed > (ulong)left ? left : (long)claimed;

    /// <summary>
    /// Whether one or more chunks with printable names fill the rest of the file. A data size of 0 before them is then correct.
    /// </summary>
    private static bool AreChunks(FileBytes file, long position)
    {
        Span<byte> chunk = stackalloc byte[8];
        for (var chunks = 1; position + 8 <= file.Length && chunks <= MaxChunks; chunks++)
        {
            file.Read(position, chunk);
            if (chunk[..4].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
                return false;
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            position += 8 + size;
            // Some programs omit the padding of the last chunk.
            if (position == file.Length || position + (size & 1) == file.Length)
                return true;
            position += size & 1;
        }

        return false;
    }

    private static WaveHeader Parse(string path, ReadOnlySpan<byte> format, long first, long length)
    {
        if (format.Length < 16)
            throw new AudioException(path, $"the WAV file's 'fmt ' chunk has {format.Length} bytes instead of at least 16: it is damaged.");
        int coding = BinaryPrimitives.ReadUInt16LittleEndian(format);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        int frameBytes = BinaryPrimitives.ReadUInt16LittleEndian(format[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (coding == Extensible && format.Length >= GuidOffset + 16 && format.Slice(GuidOffset + 4, 12).SequenceEqual(SubFormatTail))
            coding = BinaryPrimitives.ReadInt32LittleEndian(format[GuidOffset..]);
        AudioLimits.Check(path, rate, channels);

        SampleFormat? samples = (coding, bits) switch
        {
            (Pcm, 8) => SampleFormat.Unsigned8,
            (Pcm, 16) => SampleFormat.Signed16,
            (Pcm, 24) => SampleFormat.Signed24,
            (Pcm, 32) => SampleFormat.Signed32,
            (Float, 32) => SampleFormat.Float32,
            (Float, 64) => SampleFormat.Float64,
            _ => null,
        };
        if (samples is not { } known)
            throw new AudioException(path, $"the WAV file is coded in format {coding} with {bits} bits, which is not supported: "
                + "convert it to PCM, for example with 'ffmpeg -i IN.wav -c:a pcm_s16le OUT.wav'.");
        if (frameBytes != channels * SampleReader.Bytes(known))
            throw new AudioException(path,
                $"the WAV file claims {frameBytes} bytes for {channels} channels of {bits} bits: its header is damaged.");
        if (length < frameBytes)
            throw new AudioException(path, "the WAV file holds no sound: it has less than one whole sample.");
        return new WaveHeader(known, channels, (int)rate, first, length / frameBytes);
    }

    private static string Printable(ReadOnlySpan<byte> name) =>
        string.Concat(name.ToArray().Select(b => b is >= 32 and < 127 ? (char)b : '?'));
}

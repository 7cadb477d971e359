using System.Buffers.Binary;
using System.Text;

namespace DeviceId.Audio;

/// <summary>Finds format and samples of an AIFF or AIFF-C file.</summary>
internal static class AiffHeader
{
    private const int MaxChunks = 10_000;
    private const int CommonLength = 22;
    private const int SoundHeader = 8;

    /// <summary>Whether a file begins like an AIFF or AIFF-C file.</summary>
    public static bool Recognises(ReadOnlySpan<byte> header) =>
        header.Length >= 12 && header.StartsWith("FORM"u8)
        && (header[8..12].SequenceEqual("AIFF"u8) || header[8..12].SequenceEqual("AIFC"u8));

    /// <summary>Parses the chunks; null if the samples are compressed.</summary>
    /// <exception cref="AudioException">The file is damaged.</exception>
    public static PcmLayout? Read(string path, FileBytes file)
    {
        Span<byte> chunk = stackalloc byte[12];
        file.Read(0, chunk);
        var container = chunk[11] == 'C' ? "AIFF-C" : "AIFF";
        byte[]? common = null;
        (long First, long Present, long? Claimed)? sound = null;
        long position = 12;
        for (var chunks = 0; position + 8 <= file.Length && chunks < MaxChunks && (common is null || sound is null); chunks++)
        {
            file.Read(position, chunk[..8]);
            long size = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
            var present = file.Length - position - 8;
            if (chunk.StartsWith("COMM"u8))
            {
                common = new byte[Math.Min(size, CommonLength)];
                common = common[..file.Read(position + 8, common)];
            }
            else if (chunk.StartsWith("SSND"u8))
            {
                sound = Sound(path, file, position + 8, size, present);
            }

            position += 8 + size + (size & 1);
        }

        if (common is not { Length: >= 18 })
            throw new AudioException(path, $"the {container} file has no complete 'COMM' chunk: it is truncated or damaged.");
        if (sound is not { } found)
            throw new AudioException(path, $"the {container} file has no 'SSND' chunk and so no sound: it is truncated or damaged.");
        return Coding(path, container, common) is { } coding
            ? PcmLayout.Single(path, container, coding, found.First, found.Present, found.Claimed) : null;
    }

    /// <summary>The samples begin after two numbers, of which the first is an offset.</summary>
    private static (long First, long Present, long? Claimed) Sound(string path, FileBytes file, long position, long size, long present)
    {
        Span<byte> numbers = stackalloc byte[SoundHeader];
        if (file.Read(position, numbers) < SoundHeader)
            throw new AudioException(path, "the AIFF file ends inside its 'SSND' chunk: it is truncated.");
        long skipped = SoundHeader + BinaryPrimitives.ReadUInt32BigEndian(numbers);
        if (skipped > present)
            throw new AudioException(path, "the AIFF file's 'SSND' chunk points beyond the end of the file: it is truncated or damaged.");
        var unknown = size is 0 or SoundHeader or 0xFFFFFFFF;
        return (position + skipped, present - skipped, unknown ? null : Math.Max(size - skipped, 0));
    }

    private static PcmCoding? Coding(string path, string container, ReadOnlySpan<byte> common)
    {
        int channels = BinaryPrimitives.ReadUInt16BigEndian(common);
        int bits = BinaryPrimitives.ReadUInt16BigEndian(common[6..]);
        AudioLimits.Check(path, ExtendedFloat(common[8..18]), channels);
        var rate = (int)Math.Round(ExtendedFloat(common[8..18]));
        var type = container == "AIFF" ? "NONE" : common.Length < CommonLength ? "" : Encoding.Latin1.GetString(common[18..22]);
        return type switch
        {
            "NONE" or "twos" or "in24" or "in32" => Integer(false),
            "sowt" or "42ni" or "23ni" => Integer(true),
            "raw " => new(SampleFormat.Unsigned8, true, channels, rate),
            "fl32" or "FL32" => new(SampleFormat.Float32, true, channels, rate),
            "fl64" or "FL64" => new(SampleFormat.Float64, true, channels, rate),
            "alaw" or "ALAW" => new(SampleFormat.ALaw, true, channels, rate),
            "ulaw" or "ULAW" => new(SampleFormat.MuLaw, true, channels, rate),
            _ => null,
        };

        PcmCoding? Integer(bool littleEndian) => ((bits + 7) / 8) switch
        {
            1 => new(SampleFormat.Signed8, !littleEndian, channels, rate),
            2 => new(SampleFormat.Signed16, !littleEndian, channels, rate),
            3 => new(SampleFormat.Signed24, !littleEndian, channels, rate),
            4 => new(SampleFormat.Signed32, !littleEndian, channels, rate),
            _ => throw new AudioException(path,
                $"the {container} file claims samples of {bits} bits (1 to 32 are possible): its header is damaged."),
        };
    }

    /// <summary>A number of 80 bits: sign, 15-bit exponent, 64-bit mantissa with its leading one.</summary>
    private static double ExtendedFloat(ReadOnlySpan<byte> bytes)
    {
        int exponent = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return Math.ScaleB(BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]), (exponent & 0x7FFF) - 16383 - 63)
            * (exponent > 0x7FFF ? -1 : 1);
    }
}

using System.Globalization;
using System.Text;

namespace DeviceId.Audio;

/// <summary>
/// Finds format and samples of NIST SPHERE files, the format of TIMIT's <c>.WAV</c> files: a text header, then PCM of 8, 16, 24 or 32
/// bits, µ-law or A-law.
/// </summary>
internal static class SphereFile
{
    private const int Preamble = 16;
    private const int MaxHeader = 1 << 20;

    /// <summary>Whether a file begins like a SPHERE file.</summary>
    public static bool Recognises(ReadOnlySpan<byte> header) => header.StartsWith("NIST_1A\n"u8);

    /// <summary>Decodes a SPHERE file in memory.</summary>
    /// <exception cref="AudioException">The file is damaged or compressed.</exception>
    public static AudioClip Parse(string path, ReadOnlyMemory<byte> file, ChannelChoice channel = default)
    {
        var bytes = new FileBytes.InMemory(file);
        return ClipReader.Read(path, new PcmReader(path, bytes, Read(path, bytes)), channel);
    }

    /// <summary>Parses the header.</summary>
    /// <exception cref="AudioException">The file is damaged or compressed.</exception>
    public static PcmLayout Read(string path, FileBytes file)
    {
        var (fields, headerLength) = ReadFields(path, file);
        var coding = fields.GetValueOrDefault("sample_coding", "pcm");
        if (coding is not ("pcm" or "ulaw" or "mu-law" or "alaw"))
            throw new AudioException(path, $"the SPHERE file is coded as '{coding}', which is not supported: "
                + "convert it to PCM with NIST's w_decode ('w_decode -o pcm IN OUT'); sox and ffmpeg cannot read shortened SPHERE files.");

        var channels = ReadInteger(path, fields, "channel_count", 1);
        var rate = ReadNumber(path, fields, "sample_rate", null);
        var bytes = ReadInteger(path, fields, "sample_n_bytes", coding == "pcm" ? 2 : 1);
        AudioLimits.Check(path, rate, channels);
        SampleFormat? format = (coding, bytes) switch
        {
            ("pcm", 1) => SampleFormat.Signed8,
            ("pcm", 2) => SampleFormat.Signed16,
            ("pcm", 3) => SampleFormat.Signed24,
            ("pcm", 4) => SampleFormat.Signed32,
            ("alaw", 1) => SampleFormat.ALaw,
            ("ulaw" or "mu-law", 1) => SampleFormat.MuLaw,
            _ => null,
        };
        if (format is not { } known)
            throw new AudioException(path,
                $"the SPHERE file claims samples of {bytes} bytes in {coding} (1 to 4 in pcm, 1 otherwise): its header is damaged.");

        // "01": least significant byte first; "10": most significant byte first.
        var bigEndian = fields.GetValueOrDefault("sample_byte_format", "01").StartsWith('1');
        var count = ReadInteger(path, fields, "sample_count", 0);
        return PcmLayout.Single(path, "SPHERE", new(known, bigEndian, channels, (int)Math.Round(rate)), headerLength,
            file.Length - headerLength, count == 0 ? null : (long)count * channels * bytes);
    }

    private static (Dictionary<string, string> Fields, int HeaderLength) ReadFields(string path, FileBytes file)
    {
        var preamble = new byte[Preamble];
        if (file.Read(0, preamble) < Preamble
            || !int.TryParse(Encoding.ASCII.GetString(preamble[8..]).Trim(), NumberStyles.None, CultureInfo.InvariantCulture,
                out var length)
            || length < Preamble || length > Math.Min(file.Length, MaxHeader))
            throw new AudioException(path,
                "the SPHERE file ends inside its header, or the header's length is wrong: it is truncated or damaged.");
        var header = new byte[length - Preamble];
        return (ParseFields(Encoding.ASCII.GetString(header[..file.Read(Preamble, header)])), length);
    }

    /// <summary>Parses the lines "name -type value" up to "end_head"; the types are i, r and s with a length.</summary>
    private static Dictionary<string, string> ParseFields(string header)
    {
        var fields = new Dictionary<string, string>();
        foreach (var line in header.Split('\n').Select(l => l.Trim()).TakeWhile(l => l != "end_head"))
        {
            var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 3 && parts[1].StartsWith('-'))
                fields[parts[0]] = parts[2].Trim();
        }

        return fields;
    }

    private static int ReadInteger(string path, Dictionary<string, string> fields, string name, int defaultValue)
    {
        var value = ReadNumber(path, fields, name, defaultValue);
        return value is >= 0 and <= int.MaxValue && value == Math.Floor(value)
            ? (int)value : throw new AudioException(path, $"the SPHERE header says {name} = {value}: it is damaged.");
    }

    /// <summary>A field of type i or r.</summary>
    private static double ReadNumber(string path, Dictionary<string, string> fields, string name, double? defaultValue)
    {
        if (!fields.TryGetValue(name, out var text))
            return defaultValue ?? throw new AudioException(path, $"the SPHERE header has no field {name}: it is truncated or damaged.");
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new AudioException(path, $"the SPHERE header says {name} = '{text}', which is not a number: it is damaged.");
    }
}

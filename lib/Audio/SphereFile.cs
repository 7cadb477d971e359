using System.Globalization;
using System.Text;

namespace DeviceId.Audio;

/// <summary>Reads NIST SPHERE files, the format of TIMIT's <c>.WAV</c> files: a text header, then 8, 16, 24 or 32-bit PCM.</summary>
internal static class SphereFile
{
    private const int Preamble = 16;

    /// <summary>Whether a file begins like a SPHERE file.</summary>
    public static bool Recognises(ReadOnlySpan<byte> header) => header.StartsWith("NIST_1A\n"u8);

    /// <summary>Decodes a SPHERE file in memory.</summary>
    /// <exception cref="AudioException">The file is damaged or compressed.</exception>
    public static AudioClip Parse(string path, ReadOnlySpan<byte> file, ChannelChoice channel)
    {
        if (file.Length < Preamble
            || !int.TryParse(Encoding.ASCII.GetString(file[8..Preamble]).Trim(), NumberStyles.None, CultureInfo.InvariantCulture,
                out var headerLength)
            || headerLength < Preamble || headerLength > file.Length)
            throw new AudioException(path,
                "the SPHERE file ends inside its header, or the header's length is wrong: it is truncated or damaged.");
        var fields = ParseFields(Encoding.ASCII.GetString(file[Preamble..headerLength]));
        var coding = fields.GetValueOrDefault("sample_coding", "pcm");
        if (coding != "pcm")
            throw new AudioException(path, $"the SPHERE file is coded as '{coding}', which is not supported: "
                + "convert it to PCM with NIST's w_decode or with 'sox IN OUT.wav'.");

        var channels = ReadInteger(path, fields, "channel_count", 1);
        var rate = ReadInteger(path, fields, "sample_rate", null);
        var bytes = ReadInteger(path, fields, "sample_n_bytes", 2);
        AudioLimits.Check(path, (uint)rate, channels);
        SampleFormat? format = bytes switch
        {
            1 => SampleFormat.Signed8,
            2 => SampleFormat.Signed16,
            3 => SampleFormat.Signed24,
            4 => SampleFormat.Signed32,
            _ => null,
        };
        if (format is not { } known)
            throw new AudioException(path,
                $"the SPHERE file claims samples of {bytes} bytes (1 to 4 are supported): its header is damaged.");

        // "01": least significant byte first; "10": most significant byte first.
        var bigEndian = fields.GetValueOrDefault("sample_byte_format", "01").StartsWith('1');
        var data = file[headerLength..];
        var claimed = (long)ReadInteger(path, fields, "sample_count", int.MaxValue) * channels * bytes;
        if (claimed > 0 && claimed < data.Length)
            data = data[..(int)claimed];
        return data.Length >= channels * bytes
            ? new AudioClip(SampleReader.Read(data, known, channels, channel, bigEndian), rate)
            : throw new AudioException(path, "the SPHERE file holds no sound: it has less than one whole sample.");
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

    private static int ReadInteger(string path, Dictionary<string, string> fields, string name, int? defaultValue)
    {
        if (!fields.TryGetValue(name, out var text))
            return defaultValue ?? throw new AudioException(path, $"the SPHERE header has no field {name}: it is truncated or damaged.");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new AudioException(path, $"the SPHERE header says {name} = '{text}', which is not a number: it is damaged.");
    }
}

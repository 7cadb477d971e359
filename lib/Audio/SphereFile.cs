using System.Globalization;
using System.Text;

namespace DeviceId.Audio;

/// <summary>NIST SPHERE files, the format of TIMIT's <c>.WAV</c>: a header of text, then PCM of 8, 16, 24 or 32 bits.</summary>
internal static class SphereFile
{
    private const int Preamble = 16;

    public static bool Recognises(ReadOnlySpan<byte> header) => header.StartsWith("NIST_1A\n"u8);

    /// <exception cref="AudioException">The file is damaged, or compressed.</exception>
    public static AudioClip Parse(string path, ReadOnlySpan<byte> file, ChannelChoice channel)
    {
        if (file.Length < Preamble || !int.TryParse(Encoding.ASCII.GetString(file[8..Preamble]).Trim(), NumberStyles.None,
            CultureInfo.InvariantCulture, out var headerLength)
            || headerLength < Preamble || headerLength > file.Length)
            throw new AudioException(path, "the SPHERE file ends inside its header, or the header's length is wrong: it is truncated or damaged.");
        var fields = Fields(Encoding.ASCII.GetString(file[Preamble..headerLength]));
        var coding = fields.GetValueOrDefault("sample_coding", "pcm");
        if (coding != "pcm")
            throw new AudioException(path, $"the SPHERE file is coded as '{coding}', which is not read: convert it to PCM with NIST's w_decode or with 'sox IN OUT.wav'.");

        var channels = Number(path, fields, "channel_count", 1);
        var rate = Number(path, fields, "sample_rate", null);
        var bytes = Number(path, fields, "sample_n_bytes", 2);
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
            throw new AudioException(path, $"the SPHERE file claims samples of {bytes} bytes (1 to 4 are read): its header is damaged.");

        // "01": least significant byte first; "10": most significant first.
        var bigEndian = fields.GetValueOrDefault("sample_byte_format", "01").StartsWith('1');
        var data = file[headerLength..];
        var claimed = (long)Number(path, fields, "sample_count", int.MaxValue) * channels * bytes;
        if (claimed > 0 && claimed < data.Length)
            data = data[..(int)claimed];
        return data.Length >= channels * bytes
            ? new AudioClip(SampleReader.Read(data, known, channels, channel, bigEndian), rate)
            : throw new AudioException(path, "the SPHERE file holds no sound: not one whole sample.");
    }

    /// <summary>Lines "name -type value" up to "end_head"; types are i, r and s with a length.</summary>
    private static Dictionary<string, string> Fields(string header)
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

    private static int Number(string path, Dictionary<string, string> fields, string name, int? otherwise)
    {
        if (!fields.TryGetValue(name, out var text))
            return otherwise ?? throw new AudioException(path, $"the SPHERE header does not say its {name}: it is truncated or damaged.");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new AudioException(path, $"the SPHERE header says {name} = '{text}', which is no number: it is damaged.");
    }
}

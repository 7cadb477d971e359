using System.Globalization;
using System.Text.Json;

namespace DeviceId.Audio;

/// <summary>What ffprobe says about a file.</summary>
/// <param name="Format">Names of the container, separated by commas: "mov,mp4,m4a,3gp,3g2,mj2".</param>
/// <param name="Codec">ffmpeg's name of the first audio track's codec: "pcm_s16le".</param>
/// <param name="SampleRate">Samples per second (Hz).</param>
/// <param name="Channels">Number of channels of the first audio track.</param>
/// <param name="Tracks">Number of audio tracks.</param>
/// <param name="Bits">Bits of a stored sample; 0 if unknown or none.</param>
/// <param name="Seconds">Duration that the container states or implies (s); null if it does not.</param>
internal sealed record FfmpegProbe(string Format, string Codec, int SampleRate, int Channels, int Tracks, int Bits, double? Seconds)
{
    /// <summary>Reads ffprobe's JSON.</summary>
    /// <param name="path">The file that was probed, for the error.</param>
    /// <param name="json">ffprobe's output (UTF-8).</param>
    /// <exception cref="AudioException">
    /// There is no audio track, or its numbers are impossible, or this is not ffprobe's output.
    /// </exception>
    public static FfmpegProbe Parse(string path, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var tracks = root.TryGetProperty("streams", out var streams)
                ? [.. streams.EnumerateArray().Where(stream => Text(stream, "codec_type") == "audio")] : Array.Empty<JsonElement>();
            if (tracks.Length == 0)
                throw new AudioException(path, "it has no audio track.");
            var track = tracks[0];
            var format = root.GetProperty("format");
            var (rate, channels) = ((uint)Number(track, "sample_rate"), (int)Number(track, "channels"));
            AudioLimits.Check(path, rate, channels);
            var bits = (int)Math.Max(Number(track, "bits_per_raw_sample"), Number(track, "bits_per_sample"));
            var seconds = Number(track, "duration") is var own and > 0 ? own : Number(format, "duration");
            return new FfmpegProbe(Text(format, "format_name"), Text(track, "codec_name"), (int)rate, channels, tracks.Length, bits,
                seconds > 0 ? seconds : null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new AudioException(path, $"ffprobe's description of it cannot be read: {error.Message}", error);
        }
    }

    private static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>A number, written as a number or as a string; 0 if it is missing, negative, or too large for a 32-bit integer.</summary>
    private static double Number(JsonElement parent, string name)
    {
        var text = parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetRawText()
            : Text(parent, name);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > 0 and < int.MaxValue
            ? number : 0;
    }
}

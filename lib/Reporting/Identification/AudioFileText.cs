using System.Globalization;
using DeviceId.Audio;

namespace DeviceId.Reporting;

/// <summary>How a file was read, in words, for the console and the page.</summary>
internal static class AudioFileText
{
    private const int LongestComplaint = 120;

    /// <summary>One line: container, codec, sample format, rate, channels and the one taken, tracks, bytes, decoder, complaints.</summary>
    public static string Describe(AudioFileInfo info)
    {
        var isCodecSaid = info.Codec.Length > 0 && info.Codec != info.Container;
        List<string> parts = [isCodecSaid ? $"{info.Container} with {info.Codec}" : info.Container];
        if (info.SampleFormat.Length > 0)
            parts.Add(info.SampleFormat);
        parts.Add($"{info.SampleRate} Hz");
        parts.Add(Channels(info));
        if (info.Tracks > 1)
            parts.Add($"the first of {info.Tracks} tracks");
        if (Bytes(info) is { Length: > 0 } bytes)
            parts.Add(bytes);
        parts.Add($"decoded by {info.Decoder}");
        return string.Join(", ", parts) + Complaints(info.Complaints);
    }

    /// <summary>The number of channels, and the one that was taken if there are several.</summary>
    private static string Channels(AudioFileInfo info) =>
        info.Channels == 1 ? "1 channel" : info.Channel.Length > 0 ? info.Channel : $"{info.Channels} channels";

    /// <summary>Bytes of sound used, and those claimed and present where they differ; empty if the decoder does not say.</summary>
    private static string Bytes(AudioFileInfo info)
    {
        long?[] counts = [info.BytesClaimed, info.BytesPresent, info.BytesUsed];
        var known = counts.OfType<long>().ToList();
        if (known.Count == 0)
            return "";
        return known.Distinct().Count() == 1 ? $"{Count(known[0])} bytes of sound"
            : $"bytes of sound: {Count(info.BytesClaimed)} claimed, {Count(info.BytesPresent)} present, {Count(info.BytesUsed)} used";
    }

    private static string Count(long? bytes) => bytes is { } known ? known.ToString("N0", CultureInfo.InvariantCulture) : "unknown";

    private static string Complaints(IReadOnlyList<string> complaints)
    {
        if (complaints.Count == 0)
            return "";
        var first = complaints[0].Length > LongestComplaint ? complaints[0][..LongestComplaint] + "…" : complaints[0];
        var more = complaints.Count > 1 ? $" (and {complaints.Count - 1} more)" : "";
        return $"; the decoder complained: {first}{more}";
    }
}

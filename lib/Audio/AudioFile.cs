using System.Collections.Immutable;
using DeviceId.Foundation;

namespace DeviceId.Audio;

/// <summary>Reads a recording in any format. The format is detected from the content, never from the file name.</summary>
public static class AudioFile
{
    private const int HeaderBytes = 64;

    private static readonly FfmpegDecoder Ffmpeg = new();

#if NAUDIO
    private static ImmutableList<IAudioDecoder> s_decoders = [new NAudioDecoder()];
#else
    private static ImmutableList<IAudioDecoder> s_decoders = [];
#endif

    /// <summary>Adds a decoder that takes precedence over those already registered.</summary>
    internal static void Register(IAudioDecoder decoder) =>
        ImmutableInterlocked.Update(ref s_decoders, decoders => decoders.Insert(0, decoder));

    /// <summary>Reads a recording: WAV and SPHERE are decoded here, other formats by NAudio (if built with it) or ffmpeg.</summary>
    /// <param name="path">The file. Of several channels, the first that is not silent is read.</param>
    /// <exception cref="DeviceIdException">The file cannot be read; the message names its format and says what to do.</exception>
    public static AudioClip Read(string path) => Read(path, ChannelChoice.First);

    /// <summary>Reads a recording with a given choice of channel and sampling rate.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channel">How several channels are reduced to one.</param>
    /// <param name="sampleRate">The sampling rate to resample to (Hz), or null to keep the file's rate.</param>
    /// <exception cref="AudioException">The file cannot be read; the message names its format and says what to do.</exception>
    internal static AudioClip Read(string path, ChannelChoice channel = ChannelChoice.First, int? sampleRate = null)
    {
        var clip = Decode(path, channel);
        return sampleRate is { } rate ? Resampler.Resample(clip, rate) : clip;
    }

    private static AudioClip Decode(string path, ChannelChoice channel)
    {
        var header = FileBytes.ReadHeader(path, HeaderBytes);
        if (WaveFile.Recognises(header))
            return WaveFile.Read(path, channel);
        if (SphereFile.Recognises(header))
            return SphereFile.Parse(path, FileBytes.ReadAll(path), channel);
        if (header.Length == 0)
            throw new AudioException(path, "the file is empty (0 bytes).");

        var failures = new List<string>();
        foreach (var decoder in s_decoders.Append(Ffmpeg).Where(decoder => decoder.CanRead(path, header)))
        {
            try
            {
                return AudioLimits.CheckFinite(path, decoder.Decode(path, channel));
            }
            catch (AudioException error)
            {
                failures.Add($"{decoder.Name}: {error.Reason}");
            }
        }

        var tried = failures.Count > 0 ? $" Tried: {string.Join(" ", failures)}" : "";
        var ffmpegFailed = failures.Any(failure => failure.StartsWith($"{Ffmpeg.Name}:", StringComparison.Ordinal));
        var ffmpeg = ffmpegFailed ? "" : "install ffmpeg (apt-get install ffmpeg), ";
        throw new AudioException(path,
            $"the file is {FileKind.Detect(header)}, and no decoder here can read it. Convert it to WAV, {ffmpeg}"
            + $"or build with -p:NAudio=true (AIFF on every system; MP3, AAC and WMA on Windows).{tried}");
    }
}

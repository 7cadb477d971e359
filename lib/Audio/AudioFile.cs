using System.Runtime.InteropServices;
using DeviceId.Foundation;

namespace DeviceId.Audio;

/// <summary>Reads a recording in any format. The format is detected from the content, never from the file name.</summary>
public static class AudioFile
{
    private const int HeaderBytes = 64;
    private const int MaxSamples = 1 << 29;

    /// <summary>Reads a recording: WAV and SPHERE are decoded here, other formats by ffmpeg or managed decoders.</summary>
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

        using var reader = Decoders.Open(path, header);
        return ReadAll(path, reader, channel);
    }

    private static AudioClip ReadAll(string path, AudioReader reader, ChannelChoice channel)
    {
        var channels = reader.Info.Channels;
        var (samples, block) = (new List<float>(), new float[channels << 12]);
        while (reader.Read(block) is var frames and > 0)
        {
            if (samples.Count + frames * channels > MaxSamples)
                throw new AudioException(path, $"it decodes to more than {MaxSamples} samples: split the recording.");
            samples.AddRange(block.AsSpan(0, frames * channels));
        }

        var bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(samples));
        var clip = new AudioClip(SampleReader.Read(bytes, SampleFormat.Float32, channels, channel), reader.Info.SampleRate);
        return clip with { Info = reader.Info };
    }
}

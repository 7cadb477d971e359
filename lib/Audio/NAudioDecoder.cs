using System.Runtime.InteropServices;
using NAudio.Wave;

namespace DeviceId.Audio;

/// <summary>
/// Decodes with NAudio (built with <c>-p:NAudio=true</c>): AIFF on every system, MP3, WMA and AAC with the codecs of Windows.
/// </summary>
public sealed class NAudioDecoder : IAudioDecoder
{
    private const int MaxSamples = 1 << 29;

    /// <inheritdoc/>
    public string Name => "NAudio";

    /// <inheritdoc/>
    public bool CanRead(string path, ReadOnlySpan<byte> header) => header.StartsWith("FORM"u8) || OperatingSystem.IsWindows();

    /// <inheritdoc/>
    public AudioClip Decode(string path, ChannelChoice channel)
    {
        try
        {
            using var reader = Open(path);
            return ReadAll(path, reader.ToSampleProvider(), channel);
        }
        catch (Exception error) when (error is not AudioException)
        {
            throw new AudioException(path, $"NAudio cannot decode it: {error.Message}", error);
        }
    }

    private static WaveStream Open(string path)
    {
        var header = FileBytes.ReadHeader(path, 4);
        return header.AsSpan().StartsWith("FORM"u8) ? new AiffFileReader(path) : new AudioFileReader(path);
    }

    private static AudioClip ReadAll(string path, ISampleProvider provider, ChannelChoice channel)
    {
        var samples = new List<float>();
        var buffer = new float[1 << 16];
        while (provider.Read(buffer, 0, buffer.Length) is var count and > 0)
        {
            if (samples.Count + count > MaxSamples)
                throw new AudioException(path, $"it decodes to more than {MaxSamples} samples: split the recording.");
            samples.AddRange(buffer.AsSpan(0, count));
        }

        var (channels, sampleRate) = (provider.WaveFormat.Channels, provider.WaveFormat.SampleRate);
        if (samples.Count < channels)
            throw new AudioException(path, "it holds no sound.");
        var bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(samples));
        return new AudioClip(SampleReader.Read(bytes, SampleFormat.Float32, channels, channel), sampleRate);
    }
}

using System.Numerics.Tensors;
using DeviceId.Audio;

namespace DeviceId.Identification;

/// <summary>Reads one channel of a file, or the mean of all, from beginning to end.</summary>
internal sealed class MonoReader : IDisposable
{
    private const int BlockFrames = 1 << 15;

    private readonly AudioReader _reader;
    private readonly int? _channel;
    private readonly float[] _interleaved;
    private readonly float[] _mono = new float[BlockFrames];

    /// <summary>Takes ownership of a reader.</summary>
    /// <param name="reader">The file's reader, at its beginning.</param>
    /// <param name="channel">Index of the channel, from 0; null for the mean of all.</param>
    public MonoReader(AudioReader reader, int? channel)
    {
        (_reader, _channel) = (reader, channel);
        _interleaved = new float[BlockFrames * reader.Info.Channels];
    }

    /// <summary>See <see cref="AudioReader.Info"/>.</summary>
    public AudioFileInfo Info => _reader.Info;

    /// <summary>Chooses the channel of a file; a file of several channels is read once for it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="choice">How several channels are reduced to one.</param>
    /// <exception cref="AudioException">The file cannot be read.</exception>
    public static Source Choose(string path, ChannelChoice choice)
    {
        using var reader = StandInReader.Open(path);
        var channels = reader.Info.Channels;
        if (channels == 1 || choice == ChannelChoice.Mean)
            return new Source(path, channels == 1 ? 0 : null);
        return new Source(path, FirstChannelWithSound(reader));
    }

    /// <summary>Reads the whole file.</summary>
    /// <param name="take">Receives the samples, block by block.</param>
    /// <exception cref="AudioException">The file is damaged or can no longer be read.</exception>
    public void ReadAll(Action<ReadOnlySpan<float>> take)
    {
        while (_reader.Read(_interleaved) is var frames and > 0)
            take(Reduce(frames));
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private ReadOnlySpan<float> Reduce(int frames)
    {
        var channels = Info.Channels;
        if (channels == 1)
            return _interleaved.AsSpan(0, frames);
        for (var i = 0; i < frames; i++)
        {
            var frame = _interleaved.AsSpan(i * channels, channels);
            _mono[i] = _channel is { } channel ? frame[channel] : TensorPrimitives.Sum<float>(frame) / channels;
        }

        return _mono.AsSpan(0, frames);
    }

    // The survey of channels (ChannelSurvey) takes the place of this when it is merged.
    private static int FirstChannelWithSound(AudioReader reader)
    {
        var channels = reader.Info.Channels;
        var buffer = new float[BlockFrames * channels];
        float[]? first = null;
        var hasSound = new bool[channels];
        while (!hasSound[0] && reader.Read(buffer) is var frames and > 0)
        {
            first ??= buffer[..channels];
            for (var i = 0; i < frames * channels; i++)
                hasSound[i % channels] |= !buffer[i].Equals(first[i % channels]);
        }

        return Math.Max(0, Array.IndexOf(hasSound, true));
    }

    /// <summary>A file whose channel is chosen; it can be opened several times.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="Channel">Index of the channel, from 0; null for the mean of all.</param>
    public sealed record Source(string Path, int? Channel)
    {
        /// <summary>Opens the file at its beginning.</summary>
        /// <exception cref="AudioException">The file cannot be read.</exception>
        public MonoReader Open() => new(StandInReader.Open(Path), Channel);
    }
}

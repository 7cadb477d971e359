using DeviceId.Audio;

namespace DeviceId.Identification;

/// <summary>Reads one channel of a file, or the mean of all, from beginning to end.</summary>
internal sealed class MonoReader : IDisposable
{
    private const int BlockFrames = 1 << 15;

    private readonly AudioReader _reader;
    private readonly Source _source;
    private readonly float[] _interleaved;
    private readonly float[] _mono = new float[BlockFrames];

    private MonoReader(AudioReader reader, Source source)
    {
        (_reader, _source) = (reader, source);
        _interleaved = new float[BlockFrames * reader.Info.Channels];
    }

    /// <summary>How the file was read (<see cref="AudioReader.Info"/>), with the channel that was taken.</summary>
    public AudioFileInfo Info => _source.Warning is null ? _reader.Info with { Channel = _source.Words }
        : _reader.Info with { Channel = _source.Words, Warnings = [.. _reader.Info.Warnings, _source.Warning] };

    /// <summary>
    /// Chooses the channel of a file. For the channel with speech, a file of several channels is read once, and its survey decides.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="choice">How several channels are reduced to one.</param>
    /// <exception cref="AudioException">The file cannot be read, or has no such channel.</exception>
    public static Source Choose(string path, ChannelChoice choice)
    {
        using var reader = AudioFile.Open(path, withHash: false);
        var channels = reader.Info.Channels;
        var pick = ChannelPick.Of(path, choice, channels);
        if (channels == 1 || !choice.IsSpeech)
            return new Source(path, pick, choice.Describe(channels), null);
        var survey = new ChannelSurvey(channels, reader.Info.SampleRate);
        var block = new float[BlockFrames * channels];
        while (reader.Read(block) is var frames and > 0)
            survey.Add(block.AsSpan(0, frames * channels));
        var finding = survey.Choose();
        return new Source(path, ChannelPick.One(finding.Channel), finding.Words, finding.Warning);
    }

    /// <summary>Reads the whole file.</summary>
    /// <param name="take">Receives the samples, block by block.</param>
    /// <exception cref="AudioException">The file is damaged or can no longer be read.</exception>
    public void ReadAll(Action<ReadOnlySpan<float>> take)
    {
        while (_reader.Read(_interleaved) is var frames and > 0)
        {
            var samples = _mono.AsSpan(0, frames);
            _source.Pick.Extract(_interleaved, _reader.Info.Channels, samples);
            take(samples);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    /// <summary>A file whose channel is chosen; it can be opened several times.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="Pick">The channel.</param>
    /// <param name="Words">Which channel was taken and why; "" for a single channel.</param>
    /// <param name="Warning">A sentence if two channels hold different sounds; otherwise null.</param>
    public sealed record Source(string Path, ChannelPick Pick, string Words, string? Warning)
    {
        /// <summary>Opens the file at its beginning.</summary>
        /// <exception cref="AudioException">The file cannot be read.</exception>
        public MonoReader Open() => new(AudioFile.Open(Path), this);
    }
}

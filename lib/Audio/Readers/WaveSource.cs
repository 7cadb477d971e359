namespace DeviceId.Audio;

/// <summary>Reads one channel of a WAV file in chunks (<see cref="WaveFile.Open"/>): memory does not depend on its length.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class WaveSource : ISampleSource, IDisposable
{
    private const int BlockFrames = 1 << 14;

    private readonly PcmReader _reader;
    private readonly ChannelPick _pick;
    private readonly float[] _block;

    /// <param name="path">The file, named in errors.</param>
    /// <param name="reader">The file, before its first block; disposed of with the source.</param>
    /// <param name="choice">How several channels are reduced to one.</param>
    /// <exception cref="AudioException">The file cannot be read, or has no such channel.</exception>
    public WaveSource(string path, PcmReader reader, ChannelChoice choice)
    {
        _reader = reader;
        _block = new float[Math.Min(BlockFrames, reader.TotalFrames) * reader.Channels];
        if (choice.IsSpeech && reader.Channels > 1)
        {
            var survey = new ChannelSurvey(reader.Channels, reader.Info.SampleRate);
            for (int frames; (frames = reader.Read(_block)) > 0;)
                survey.Add(_block.AsSpan(0, frames * reader.Channels));
            _pick = ChannelPick.One(survey.Choose().Channel);
        }
        else
        {
            _pick = ChannelPick.Of(path, choice, reader.Channels);
        }
    }

    /// <inheritdoc/>
    public int SampleRate => _reader.Info.SampleRate;

    /// <inheritdoc/>
    public long Length => _reader.TotalFrames;

    /// <inheritdoc/>
    public void Read(long first, Span<float> samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + samples.Length, Length);
        var channels = _reader.Channels;
        for (var done = 0; done < samples.Length;)
        {
            var count = Math.Min(samples.Length - done, _block.Length / channels);
            var block = _block.AsSpan(0, count * channels);
            _reader.ReadAt(first + done, block);
            _pick.Extract(block, channels, samples.Slice(done, count));
            done += count;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}

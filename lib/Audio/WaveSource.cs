namespace DeviceId.Audio;

/// <summary>Reads the samples of a WAV file in chunks (<see cref="WaveFile.Open"/>): memory does not depend on its length.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class WaveSource : ISampleSource, IDisposable
{
    private const int ChunkBytes = 1 << 18;

    private readonly string _path;
    private readonly FileBytes _file;
    private readonly WaveHeader _header;
    private readonly ChannelChoice _choice;
    private readonly int _channel;
    private readonly byte[] _buffer;

    private WaveSource(string path, FileBytes file, WaveHeader header, ChannelChoice choice)
    {
        (_path, _file, _header, _choice) = (path, file, header, choice);
        _buffer = new byte[Math.Max(ChunkBytes / FrameBytes, 1) * FrameBytes];
        if (header.Channels > 1 && choice != ChannelChoice.Mean)
            _channel = choice == ChannelChoice.Louder ? LoudestChannel() : FirstChannelWithSound();
    }

    /// <inheritdoc/>
    public int SampleRate => _header.SampleRate;

    /// <inheritdoc/>
    public long Length => _header.Frames;

    private int FrameBytes => _header.Channels * SampleReader.Bytes(_header.Format);

    /// <inheritdoc/>
    public void Read(long first, Span<float> samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + samples.Length, Length);
        for (var done = 0; done < samples.Length;)
        {
            var chunk = ReadChunk(first + done, samples.Length - done);
            var part = samples.Slice(done, chunk.Length / FrameBytes);
            if (_choice == ChannelChoice.Mean && _header.Channels > 1)
                SampleReader.Mean(chunk, _header.Format, _header.Channels, part);
            else
                SampleReader.Channel(chunk, _header.Format, _header.Channels, _channel, part);
            AudioLimits.RequireFinite(_path, part, first + done);
            done += part.Length;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Reads the header; disposes of the file on failure.</summary>
    internal static WaveSource Open(string path, FileBytes file, ChannelChoice channel)
    {
        try
        {
            return new WaveSource(path, file, WaveHeader.Read(path, file), channel);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads all samples at once.</summary>
    /// <exception cref="AudioException">There are more samples than fit into one array.</exception>
    internal AudioClip ReadAll()
    {
        if (Length > Array.MaxLength)
            throw new AudioException(_path,
                $"the file has {Length} samples, more than the {Array.MaxLength} that can be read at once: split the recording.");
        var clip = new AudioClip(GC.AllocateUninitializedArray<float>((int)Length), SampleRate);
        Read(0, clip.Samples);
        return clip;
    }

    private ReadOnlySpan<byte> ReadChunk(long frame, long frames)
    {
        var bytes = _buffer.AsSpan(0, (int)Math.Min(frames * FrameBytes, _buffer.Length));
        return _file.Read(_header.First + (frame * FrameBytes), bytes) == bytes.Length
            ? bytes
            : throw new AudioException(_path, "the file became shorter while it was read: wait until it is completely written.");
    }

    private int LoudestChannel()
    {
        var energies = new double[_header.Channels];
        for (long frame = 0; frame < Length; frame += _buffer.Length / FrameBytes)
        {
            var chunk = ReadChunk(frame, Length - frame);
            for (var channel = 0; channel < energies.Length; channel++)
                energies[channel] += SampleReader.Energy(chunk, _header.Format, _header.Channels, channel);
        }

        return SampleReader.IndexOfMax(energies);
    }

    /// <summary>Index of the first channel that is not constant, 0 if all are. In most files the first chunk decides.</summary>
    private int FirstChannelWithSound()
    {
        var values = new float?[_header.Channels];
        var hasSound = new bool[_header.Channels];
        for (long frame = 0; frame < Length && !hasSound[0]; frame += _buffer.Length / FrameBytes)
        {
            var chunk = ReadChunk(frame, Length - frame);
            for (var channel = 0; channel < hasSound.Length && !hasSound[0]; channel++)
                hasSound[channel] = hasSound[channel]
                    || !SampleReader.IsConstant(chunk, _header.Format, _header.Channels, channel, ref values[channel]);
        }

        return Math.Max(0, Array.IndexOf(hasSound, true));
    }
}

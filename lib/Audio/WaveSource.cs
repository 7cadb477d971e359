namespace DeviceId.Audio;

/// <summary>The samples of a WAV file, read piece by piece (<see cref="WaveFile.Open"/>): memory does not depend on its length.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class WaveSource : ISampleSource, IDisposable
{
    private const int ChunkBytes = 1 << 18;

    private readonly string _path;
    private readonly FileBytes _file;
    private readonly WaveHeader _header;
    private readonly ChannelChoice _choice;
    private readonly int _channel;
    private readonly byte[] _chunk;

    private WaveSource(string path, FileBytes file, WaveHeader header, ChannelChoice choice)
    {
        (_path, _file, _header, _choice) = (path, file, header, choice);
        _chunk = new byte[Math.Max(ChunkBytes / FrameBytes, 1) * FrameBytes];
        _channel = header.Channels == 1 || choice == ChannelChoice.Mean ? 0 : choice == ChannelChoice.Louder ? Louder() : WithSound();
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
            var piece = Piece(first + done, samples.Length - done);
            var here = samples.Slice(done, piece.Length / FrameBytes);
            if (_choice == ChannelChoice.Mean && _header.Channels > 1)
                SampleReader.Mean(piece, _header.Format, _header.Channels, here);
            else
                SampleReader.Channel(piece, _header.Format, _header.Channels, _channel, here);
            AudioLimits.RequireFinite(_path, here, first + done);
            done += here.Length;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Reads the header; disposes of the file if that fails.</summary>
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

    /// <summary>All samples at once.</summary>
    /// <exception cref="AudioException">There are more than fit into one array.</exception>
    internal AudioClip ReadAll()
    {
        if (Length > Array.MaxLength)
            throw new AudioException(_path,
                $"the file has {Length} samples, more than the {Array.MaxLength} that can be read at once: split the recording.");
        var clip = new AudioClip(GC.AllocateUninitializedArray<float>((int)Length), SampleRate);
        Read(0, clip.Samples);
        return clip;
    }

    private ReadOnlySpan<byte> Piece(long frame, long frames)
    {
        var wanted = _chunk.AsSpan(0, (int)Math.Min(frames * FrameBytes, _chunk.Length));
        return _file.Read(_header.First + (frame * FrameBytes), wanted) == wanted.Length
            ? wanted
            : throw new AudioException(_path, "the file has become shorter while it was read: wait until it is written.");
    }

    private int Louder()
    {
        var energies = new double[_header.Channels];
        for (long frame = 0; frame < Length; frame += _chunk.Length / FrameBytes)
        {
            var piece = Piece(frame, Length - frame);
            for (var channel = 0; channel < energies.Length; channel++)
                energies[channel] += SampleReader.Energy(piece, _header.Format, _header.Channels, channel);
        }

        return SampleReader.Greatest(energies);
    }

    /// <summary>The first channel that is not constant, 0 where all are: almost always one piece is enough to know.</summary>
    private int WithSound()
    {
        var values = new float?[_header.Channels];
        var sounds = new bool[_header.Channels];
        for (long frame = 0; frame < Length && !sounds[0]; frame += _chunk.Length / FrameBytes)
        {
            var piece = Piece(frame, Length - frame);
            for (var channel = 0; channel < sounds.Length && !sounds[0]; channel++)
                sounds[channel] = sounds[channel]
                    || !SampleReader.IsConstant(piece, _header.Format, _header.Channels, channel, ref values[channel]);
        }

        return Math.Max(0, Array.IndexOf(sounds, true));
    }
}

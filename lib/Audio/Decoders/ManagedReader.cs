namespace DeviceId.Audio;

/// <summary>Decodes with a library in managed code; whatever it throws becomes <see cref="AudioException"/>.</summary>
/// <param name="path">The file.</param>
/// <param name="decoder">Name and version of the library.</param>
internal abstract class ManagedReader(string path, string decoder) : AudioReader
{
    private const int BlockFrames = 4096;

    private AudioFileInfo? _info;
    private float[] _block = [];
    private int _position;
    private int _filled;
    private long _frames;
    private bool _ended;

    /// <inheritdoc/>
    public override AudioFileInfo Info => _info!;

    /// <inheritdoc/>
    public override long? Frames => null;

    /// <summary>The file.</summary>
    protected SourceFile Source { get; private set; } = null!;

    /// <inheritdoc/>
    public override int Read(Span<float> interleaved)
    {
        var channels = Info.Channels;
        var (done, wanted) = (0, interleaved.Length / channels * channels);
        while (done < wanted && (_position < _filled || Fill()))
        {
            var count = Math.Min(wanted - done, _filled - _position);
            _block.AsSpan(_position, count).CopyTo(interleaved[done..]);
            (done, _position) = (done + count, _position + count);
        }

        return done / channels;
    }

    /// <summary>Opens the file and decodes the first block; on failure everything is closed.</summary>
    /// <exception cref="AudioException">The file cannot be decoded.</exception>
    protected static T Start<T>(T reader, string path)
        where T : ManagedReader
    {
        try
        {
            reader.Source = new SourceFile(path);
            reader._info = reader.WithAudioErrors(reader.Open) with { FileBytes = reader.Source.Length, Hash = reader.Source.Hash };
            AudioLimits.Check(path, (uint)reader.Info.SampleRate, reader.Info.Channels);
            reader._block = new float[BlockFrames * reader.Info.Channels];
            return reader.Fill() ? reader : throw new AudioException(path, "it holds no sound.");
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file; returns what is known of it. May throw any exception.</summary>
    protected abstract AudioFileInfo Open();

    /// <summary>Decodes up to a buffer of whole frames; returns the number of values, 0 at the end. May throw any exception.</summary>
    protected abstract int Decode(float[] interleaved);

    /// <summary>Sentences on missing sound, asked for at the end.</summary>
    /// <param name="frames">Number of frames decoded.</param>
    protected abstract IEnumerable<string> Doubts(long frames);

    private bool Fill()
    {
        if (_ended)
            return false;
        (_position, _filled) = (0, WithAudioErrors(() => Decode(_block)) / Info.Channels * Info.Channels);
        AudioLimits.RequirePlausible(path, _block.AsSpan(0, _filled), _frames, Info.Channels);
        _frames += _filled / Info.Channels;
        if (_filled > 0)
            return true;
        _ended = true;
        Source.RequireUnchanged();
        _info = Info with { Warnings = [.. Info.Warnings, .. Doubts(_frames)] };
        return false;
    }

    private T WithAudioErrors<T>(Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (Exception error) when (error is not AudioException)
        {
            throw new AudioException(path, $"{decoder} cannot decode it: {error.Message}", error);
        }
    }
}

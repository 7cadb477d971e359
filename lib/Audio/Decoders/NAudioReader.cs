using NAudio.Wave;

namespace DeviceId.Audio;

/// <summary>Decodes with NAudio: plain AIFF on every system; MP3, AAC, MP4 and Windows Media with the codecs of Windows.</summary>
/// <remarks>
/// It is never given RIFF files (its reader allocates by a number in the header) nor AIFF-C (it takes compressed samples for PCM).
/// Whatever it throws becomes <see cref="AudioException"/>.
/// </remarks>
internal sealed class NAudioReader : AudioReader
{
    private const string Library = "NAudio 3.3.0";
    private const int BlockFrames = 4096;

    private readonly string _path;
    private readonly SourceFile _source;
    private readonly WaveStream _stream;
    private readonly ISampleProvider _samples;
    private readonly long? _expected;
    private readonly float[] _block;
    private AudioFileInfo _info;
    private int _position;
    private int _filled;
    private long _frames;
    private bool _ended;

    private NAudioReader(string path, SourceFile source, WaveStream stream, ReadOnlySpan<byte> header)
    {
        (_path, _source, _stream) = (path, source, stream);
        var format = stream.WaveFormat;
        AudioLimits.Check(path, (uint)format.SampleRate, format.Channels);
        var isAiff = IsAiff(header);
        if (isAiff && format.BlockAlign > 0)
            _expected = stream.Length / format.BlockAlign;
        _samples = stream.ToSampleProvider();
        _block = new float[BlockFrames * format.Channels];
        var bits = FormattableString.Invariant($"{format.BitsPerSample}-bit integer");
        _info = isAiff
            ? new AudioFileInfo("AIFF", "PCM", false, bits, format.SampleRate, format.Channels, 1, Library)
            : new AudioFileInfo(FileKind.Detect(header), "", null, "", format.SampleRate, format.Channels, 1, $"{Library} (Windows)");
    }

    /// <inheritdoc/>
    public override AudioFileInfo Info => _info;

    /// <inheritdoc/>
    public override long? Frames => null;

    /// <summary>Whether NAudio may be given a file.</summary>
    /// <param name="header">The first bytes of the file.</param>
    public static bool Accepts(ReadOnlySpan<byte> header) => IsAiff(header) || (OperatingSystem.IsWindows() && IsForWindows(header));

    /// <summary>Opens a file and decodes its first block.</summary>
    /// <exception cref="AudioException">The file cannot be decoded.</exception>
    public static AudioReader Open(string path)
    {
        var source = new SourceFile(path);
        var header = FileBytes.ReadHeader(path, 64);
        var stream = WithAudioErrors(path, () => OpenStream(path, header));
        try
        {
            var reader = WithAudioErrors(path, () => new NAudioReader(path, source, stream, header));
            return reader.Fill() ? reader : throw new AudioException(path, "it holds no sound.");
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

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

    /// <inheritdoc/>
    public override void Dispose() => _stream.Dispose();

    private static WaveStream OpenStream(string path, byte[] header) =>
        IsAiff(header) ? new AiffFileReader(path)
        : OperatingSystem.IsWindows() && IsForWindows(header) ? new MediaFoundationReader(path)
        : throw new AudioException(path, $"{Library} is not given this format here.");

    private static bool IsAiff(ReadOnlySpan<byte> header) =>
        header.Length >= 12 && header.StartsWith("FORM"u8) && header[8..12].SequenceEqual("AIFF"u8);

    private static bool IsForWindows(ReadOnlySpan<byte> header) =>
        header.StartsWith("ID3"u8) || (header.Length > 1 && header[0] == 0xFF && (header[1] & 0xE0) == 0xE0)
        || (header.Length >= 12 && header[4..8].SequenceEqual("ftyp"u8))
        || header.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75]);

    private static T WithAudioErrors<T>(string path, Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (Exception error) when (error is not AudioException)
        {
            throw new AudioException(path, $"{Library} cannot decode it: {error.Message}", error);
        }
    }

    private bool Fill()
    {
        if (_ended)
            return false;
        (_position, _filled) = (0, WithAudioErrors(_path, () => _samples.Read(_block)) / Info.Channels * Info.Channels);
        AudioLimits.RequirePlausible(_path, _block.AsSpan(0, _filled), _frames, Info.Channels);
        _frames += _filled / Info.Channels;
        if (_filled == 0)
            End();
        return _filled > 0;
    }

    private void End()
    {
        _ended = true;
        _source.RequireUnchanged();
        if (_frames < _expected)
            Warn(FormattableString.Invariant($"{_expected - _frames} of the {_expected} samples that the header claims are missing."));
    }

    private void Warn(string sentence) => _info = _info with { Warnings = [.. _info.Warnings, sentence] };
}

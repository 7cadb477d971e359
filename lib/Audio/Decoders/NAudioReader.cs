using NAudio.Wave;

namespace DeviceId.Audio;

/// <summary>Decodes with NAudio: plain AIFF on every system; MP3, AAC, MP4 and Windows Media with the codecs of Windows.</summary>
/// <remarks>
/// It is never given RIFF files (its reader allocates by a number in the header) nor AIFF-C (it takes compressed samples for PCM).
/// </remarks>
internal sealed class NAudioReader : ManagedReader
{
    private const string Library = "NAudio 3.3.0";

    private readonly string _path;
    private WaveStream? _stream;
    private ISampleProvider? _samples;
    private long? _expected;

    private NAudioReader(string path)
        : base(path, Library) => _path = path;

    /// <summary>Whether NAudio may be given a file.</summary>
    /// <param name="header">The first bytes of the file.</param>
    public static bool Accepts(ReadOnlySpan<byte> header) => IsAiff(header) || (OperatingSystem.IsWindows() && IsForWindows(header));

    /// <summary>Opens a file and decodes its first block.</summary>
    /// <exception cref="AudioException">The file cannot be decoded.</exception>
    public static AudioReader Open(string path) => Start(new NAudioReader(path), path);

    /// <inheritdoc/>
    public override void Dispose() => _stream?.Dispose();

    /// <inheritdoc/>
    protected override AudioFileInfo Open()
    {
        var header = FileBytes.ReadHeader(_path, 64);
        var isAiff = IsAiff(header);
        _stream = isAiff ? new AiffFileReader(_path)
            : OperatingSystem.IsWindows() && IsForWindows(header) ? new MediaFoundationReader(_path)
            : throw new AudioException(_path, $"{Library} is not given this format here.");
        var format = _stream.WaveFormat;
        AudioLimits.Check(_path, (uint)format.SampleRate, format.Channels);
        if (isAiff && format.BlockAlign > 0)
            _expected = _stream.Length / format.BlockAlign;
        _samples = _stream.ToSampleProvider();
        return isAiff
            ? new AudioFileInfo("AIFF", "PCM", false, FormattableString.Invariant($"{format.BitsPerSample}-bit integer"), format.SampleRate,
                format.Channels, 1, Library)
            : new AudioFileInfo(FileKind.Detect(header), "", null, "", format.SampleRate, format.Channels, 1, $"{Library} (Windows)");
    }

    /// <inheritdoc/>
    protected override int Decode(float[] interleaved) => _samples!.Read(interleaved);

    /// <inheritdoc/>
    protected override IEnumerable<string> Doubts(long frames)
    {
        if (frames < _expected)
            yield return FormattableString.Invariant(
                $"{_expected - frames} of the {_expected} samples that the header claims are missing.");
    }

    private static bool IsAiff(ReadOnlySpan<byte> header) =>
        header.Length >= 12 && header.StartsWith("FORM"u8) && header[8..12].SequenceEqual("AIFF"u8);

    private static bool IsForWindows(ReadOnlySpan<byte> header) =>
        header.StartsWith("ID3"u8) || (header.Length > 1 && header[0] == 0xFF && (header[1] & 0xE0) == 0xE0)
        || (header.Length >= 12 && header[4..8].SequenceEqual("ftyp"u8))
        || header.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75]);
}

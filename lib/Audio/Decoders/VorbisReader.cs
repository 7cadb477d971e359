namespace DeviceId.Audio;

/// <summary>Decodes Ogg Vorbis with NVorbis.</summary>
internal sealed class VorbisReader : ManagedReader
{
    private const string Library = "NVorbis 0.10.5";

    private readonly string _path;
    private NVorbis.VorbisReader? _file;
    private long _total;

    private VorbisReader(string path)
        : base(path, Library) => _path = path;

    /// <summary>Opens a file and decodes its first block.</summary>
    /// <exception cref="AudioException">The file cannot be decoded.</exception>
    public static AudioReader Open(string path) => Start(new VorbisReader(path), path);

    /// <inheritdoc/>
    public override void Dispose() => _file?.Dispose();

    /// <inheritdoc/>
    protected override AudioFileInfo Open()
    {
        _file = new NVorbis.VorbisReader(_path) { ClipSamples = false };
        _total = _file.TotalSamples;
        return new AudioFileInfo("Ogg", "Vorbis", true, "", _file.SampleRate, _file.Channels, _file.Streams.Count, Library);
    }

    /// <inheritdoc/>
    protected override int Decode(float[] interleaved)
    {
        var count = _file!.ReadSamples(interleaved, 0, interleaved.Length);
        return (_file.SampleRate, _file.Channels) == (Info.SampleRate, Info.Channels) ? count
            : throw new AudioException(_path, "its sampling rate or channels change: convert it to WAV.");
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Doubts(long frames)
    {
        if (frames < _total)
            yield return FormattableString.Invariant(
                $"{_total - frames} of the {_total} samples that the file claims could not be decoded: it is damaged or cut short.");
    }
}

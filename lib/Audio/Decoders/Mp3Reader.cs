using System.Globalization;
using NLayer;

namespace DeviceId.Audio;

/// <summary>Decodes MP3 with NLayer. Sample positions are those of ffmpeg: the encoder's delay and padding are left out.</summary>
/// <remarks>
/// MPEG-2.5 (8, 11.025 and 12 kHz) and variable bit rates are refused: NLayer decodes them wrongly, the first by up to a tenth of full
/// scale, the second in single frames by up to 0.06 (measured). At a constant bit rate it differs from ffmpeg by at most 2e-6.
/// </remarks>
internal sealed class Mp3Reader : ManagedReader
{
    private const string Library = "NLayer 3.0.1";

    private readonly string _path;
    private FileRange? _range;
    private MpegFile? _file;
    private Mp3Frames? _frames;
    private long _toSkip;
    private long _left;

    private Mp3Reader(string path)
        : base(path, Library) => _path = path;

    /// <summary>Opens a file and decodes its first block.</summary>
    /// <exception cref="AudioException">The file cannot be decoded, or not exactly.</exception>
    public static AudioReader Open(string path) => Start(new Mp3Reader(path), path);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _file?.Dispose();
        _range?.Dispose();
    }

    /// <inheritdoc/>
    protected override AudioFileInfo Open()
    {
        var frames = _frames = Mp3Frames.Walk(_path);
        if (frames.Version == 25)
            throw new AudioException(_path, FormattableString.Invariant(
                $"it is MPEG-2.5 ({frames.SampleRate} Hz), which {Library} does not decode exactly."));
        if (frames.IsVariable)
            throw new AudioException(_path, $"its bit rate varies, which {Library} does not decode exactly.");
        if (frames.Skipped > 0)
            throw new AudioException(_path, $"{frames.Skipped} bytes between its frames belong to none: it is damaged.");
        if (frames.End == 0)
            throw new AudioException(_path, "it has no complete frame.");
        // Without its tags: NLayer would allocate by the number in their headers.
        _file = new MpegFile(_range = new FileRange(_path, frames.First, frames.End));
        if ((_file.SampleRate, _file.Channels) != (frames.SampleRate, frames.Channels))
            throw new AudioException(_path, "its first frames contradict one another: it is damaged.");
        (_toSkip, _left) = ((long)frames.Delay * frames.Channels, frames.Samples * frames.Channels);
        return new AudioFileInfo("MP3", "MP3", true, "", frames.SampleRate, frames.Channels, 1, Library);
    }

    /// <inheritdoc/>
    protected override int Decode(float[] interleaved)
    {
        while (_left > 0 && _file!.ReadSamples(interleaved, 0, interleaved.Length) is var count and > 0)
        {
            var skipped = (int)Math.Min(_toSkip, count);
            _toSkip -= skipped;
            var kept = (int)Math.Min(count - skipped, _left);
            _left -= kept;
            interleaved.AsSpan(skipped, kept).CopyTo(interleaved);
            if (kept > 0)
                return kept;
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Doubts(long frames)
    {
        var (walked, rate) = (_frames!, (double)_frames!.SampleRate);
        if (frames < walked.Samples)
            yield return string.Create(CultureInfo.InvariantCulture, $"{(walked.Samples - frames) / rate:0.00} s of the "
                + $"{walked.Samples / rate:0.00} s that the file claims could not be decoded: it is damaged or cut short.");
        else if (walked.IsCut)
            yield return "The last MP3 frame is incomplete: the file is cut short.";
    }
}

using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using DeviceId.Foundation;

namespace DeviceId.Audio;

/// <summary>Decodes with the ffmpeg on the PATH: 32-bit float, no resampling, no mixing of channels, in blocks.</summary>
/// <remarks>
/// Only formats that hold their own sound are opened, through the file protocol alone. What ffmpeg complains of is kept, also when it
/// succeeds.
/// </remarks>
internal sealed partial class FfmpegReader : AudioReader
{
    /// <summary>
    /// Decoded sound may be this much shorter than the container states (s): codecs' delays and padding are not always counted.
    /// </summary>
    private const double DurationTolerance = 0.1;
    private const int FirstBytes = 1 << 16;
    private const int MaxLine = 200;

    /// <summary>Messages that say nothing about damage.</summary>
    private static readonly string[] Harmless = ["Guessed Channel Layout", "Estimating duration from bitrate", "Guessing on RIFF subtype"];

    private static readonly TimeSpan ProbeLimit = TimeSpan.FromMinutes(1);
    private static readonly ConcurrentDictionary<string, string> Versions = new(StringComparer.Ordinal);

    private readonly string _path;
    private readonly SourceFile _source;
    private readonly FfmpegProbe _probe;
    private readonly ChildStream _child;
    private readonly byte[] _buffer = new byte[FirstBytes];
    private readonly bool _statesLength;
    private int _position;
    private int _filled;
    private long _samples;
    private bool _ended;
    private bool _completed;
    private AudioFileInfo _info;

    private FfmpegReader(string path, SourceFile source, FfmpegProbe probe, bool statesLength, string command, TimeSpan patience)
    {
        (_path, _source, _probe, _statesLength) = (path, source, probe, statesLength);
        _info = new AudioFileInfo(FfmpegNames.Show(probe.Format), FfmpegNames.Show(probe.Codec), FfmpegNames.IsLossy(probe.Codec),
            FfmpegNames.SampleFormat(probe.Codec, probe.Bits), probe.SampleRate, probe.Channels, probe.Tracks, Version(command))
        {
            Warnings = probe.Tracks > 1 ? [FormattableString.Invariant($"The file has {probe.Tracks} audio tracks; the first was read.")]
                : [],
        };
        _child = Start(path, command, patience);
    }

    /// <inheritdoc/>
    public override AudioFileInfo Info => _info;

    /// <inheritdoc/>
    public override long? Frames => null;

    /// <summary>Whether ffmpeg is installed.</summary>
    public static bool IsInstalled => ChildProgram.IsInstalled("ffmpeg") && ChildProgram.IsInstalled("ffprobe");

    /// <summary>Opens a file and decodes its first block.</summary>
    /// <exception cref="AudioException">ffmpeg cannot decode it, or it holds no sound of its own.</exception>
    public static FfmpegReader Open(string path) => Open(path, "ffmpeg", "ffprobe", TimeSpan.FromMinutes(1));

    /// <summary>Opens a file with given programs.</summary>
    /// <param name="path">The file.</param>
    /// <param name="decoder">The program that decodes.</param>
    /// <param name="prober">The program that describes the file.</param>
    /// <param name="patience">Longest time without output.</param>
    /// <exception cref="AudioException">The file cannot be decoded.</exception>
    internal static FfmpegReader Open(string path, string decoder, string prober, TimeSpan patience)
    {
        var source = new SourceFile(path);
        var (probe, statesLength) = Probe(path, prober);
        var reader = new FfmpegReader(path, source, probe, statesLength, decoder, patience);
        try
        {
            reader.Fill();
            return reader._filled >= sizeof(float) * probe.Channels ? reader
                : throw new AudioException(path, Failure(reader._info.Complaints));
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<float> interleaved)
    {
        var bytes = MemoryMarshal.AsBytes(interleaved[..(interleaved.Length / _probe.Channels * _probe.Channels)]);
        var done = 0;
        while (done < bytes.Length && (_position < _filled || Fill()))
        {
            var count = Math.Min(bytes.Length - done, _filled - _position);
            _buffer.AsSpan(_position, count).CopyTo(bytes[done..]);
            (done, _position) = (done + count, _position + count);
        }

        var frames = done / (sizeof(float) * _probe.Channels);
        var samples = interleaved[..(frames * _probe.Channels)];
        AudioLimits.RequirePlausible(_path, samples, _samples / _probe.Channels, _probe.Channels);
        _samples += samples.Length;
        if (frames == 0)
            Complete();
        return frames;
    }

    /// <inheritdoc/>
    public override void Dispose() => _child.Dispose();

    private static (FfmpegProbe Probe, bool StatesLength) Probe(string path, string prober)
    {
        string[] arguments =
        [
            "-v", "warning", "-protocol_whitelist", "file", "-format_whitelist", FfmpegNames.Formats,
            "-print_format", "json", "-show_streams", "-show_format", Url(path),
        ];
        var (exitCode, output, errors) = WithAudioErrors(path, () => ChildProgram.Run(prober, arguments, [], ProbeLimit, 1 << 24));
        if (RefusedFormat().Match(errors) is { Success: true } refused)
            throw new AudioException(path, FfmpegNames.WhyRefused(refused.Groups[1].Value));
        if (exitCode != 0)
            throw new AudioException(path, Failure(Shown(errors.Split('\n'))));
        return (FfmpegProbe.Parse(path, output), !errors.Contains("Estimating duration from bitrate", StringComparison.Ordinal));
    }

    private static ChildStream Start(string path, string command, TimeSpan patience)
    {
        string[] arguments =
        [
            "-nostdin", "-hide_banner", "-v", "warning", "-protocol_whitelist", "file", "-format_whitelist", FfmpegNames.Formats,
            // A change of rate or channels in the middle is an error, instead of a silent conversion to the first ones.
            "-reinit_filter", "0",
            "-i", Url(path), "-map", "0:a:0", "-vn", "-sn", "-dn", "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1",
        ];
        return WithAudioErrors(path, () => new ChildStream(command, arguments, patience));
    }

    // Without "file:" ffmpeg would take a name like "-y" or "concat:x" for an option or a protocol.
    private static string Url(string path) => "file:" + Path.GetFullPath(path);

    private static string Version(string command) => Versions.GetOrAdd(command, _ =>
    {
        try
        {
            var (_, output, _) = ChildProgram.Run(command, ["-version"], [], TimeSpan.FromSeconds(10), 1 << 20);
            var words = System.Text.Encoding.UTF8.GetString(output).Split(' ', 4);
            return words is ["ffmpeg", "version", var version, _] ? $"ffmpeg {version}" : "ffmpeg";
        }
        catch (Exception error) when (error is Win32Exception or TimeoutException or InvalidDataException)
        {
            return "ffmpeg";
        }
    });

    private bool Fill()
    {
        if (_ended)
            return false;
        (_position, _filled) = (0, WithAudioErrors(_path, () => _child.Read(_buffer)));
        if (_filled < _buffer.Length)
            End();
        return _filled > 0;
    }

    /// <summary>Takes over ffmpeg's exit code and complaints, when its output has ended.</summary>
    private void End()
    {
        _ended = true;
        var (exitCode, errors) = WithAudioErrors(_path, _child.Finish);
        _source.RequireUnchanged();
        var complaints = Shown(errors);
        _info = _info with { Complaints = complaints };
        if (exitCode != 0)
            Warn("ffmpeg ended with an error, so the recording is read only as far as it came: "
                + ChildProgram.Shorten(string.Join(' ', complaints)));
    }

    /// <summary>Compares the decoded length with the stated one, once.</summary>
    private void Complete()
    {
        if (_completed || !_statesLength || _probe.Seconds is not { } stated)
            return;
        _completed = true;
        var decoded = (double)_samples / _probe.Channels / _probe.SampleRate;
        if (stated - decoded > DurationTolerance)
            Warn(string.Create(CultureInfo.InvariantCulture,
                $"{stated - decoded:0.00} s of the {stated:0.00} s that the file claims were not decoded: it is damaged or cut short."));
    }

    private static string Failure(IEnumerable<string> complaints) =>
        $"ffmpeg could not decode it: {ChildProgram.Shorten(string.Join(' ', complaints))}";

    private void Warn(string sentence) => _info = _info with { Warnings = [.. _info.Warnings, sentence] };

    private static string[] Shown(IEnumerable<string> lines) =>
    [
        .. lines.Select(line => Address().Replace(line.Trim(), "").Replace("file:", "", StringComparison.Ordinal))
            .Where(line => line.Length > 0 && !Harmless.Any(part => line.Contains(part, StringComparison.Ordinal)))
            .Select(line => line.Length <= MaxLine ? line : line[..MaxLine] + "…"),
    ];

    private static T WithAudioErrors<T>(string path, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Win32Exception error)
        {
            throw new AudioException(path, $"ffmpeg cannot be started: {error.Message}", error);
        }
        catch (Exception error) when (error is TimeoutException or InvalidDataException or IOException)
        {
            throw new AudioException(path, $"it could not be decoded: {error.Message}", error);
        }
    }

    /// <summary>The address in "[flac @ 0x55dcb7d0c280] invalid sync code".</summary>
    [GeneratedRegex(" @ 0x[0-9a-fA-F]+")]
    private static partial Regex Address();

    [GeneratedRegex(@"\[(\S+) @ \S+\] Format not on whitelist")]
    private static partial Regex RefusedFormat();
}

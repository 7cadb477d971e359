using System.Collections.Concurrent;
using System.ComponentModel;
using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>An ffmpeg that encodes and decodes what is in memory; nothing is written to the disk.</summary>
/// <param name="command">The program.</param>
/// <param name="timeLimit">How long one call may take; null for a minute.</param>
internal sealed class FfmpegProgram(string command = "ffmpeg", TimeSpan? timeLimit = null)
{
    private const int MaxBytes = 1 << 30;

    private static readonly ConcurrentDictionary<string, IReadOnlySet<string>> EncodersOf = new(StringComparer.Ordinal);

    /// <summary>Why it cannot encode; null where it can.</summary>
    /// <param name="encoder">ffmpeg's name of the encoder.</param>
    public string? WhyCannotEncode(string encoder) => !ChildProgram.IsInstalled(command)
        ? "ffmpeg is not installed here (apt-get install ffmpeg)."
        : EncodersOf.GetOrAdd(command, _ => Encoders()).Contains(encoder)
            ? null : $"the ffmpeg that is installed here was built without the encoder {encoder}.";

    /// <summary>Runs it.</summary>
    /// <exception cref="DegradationException">It cannot be started, fails, or takes too long.</exception>
    public byte[] Run(byte[] input, params string[] arguments)
    {
        try
        {
            var (exitCode, output, errors) = ChildProgram.Run(command,
                ["-nostdin", "-hide_banner", "-v", "error", "-threads", "1", .. arguments], input, timeLimit ?? TimeSpan.FromMinutes(1),
                MaxBytes);
            return exitCode == 0 && output.Length > 0 ? output
                : throw new DegradationException($"ffmpeg {string.Join(' ', arguments)} failed: {FfmpegDecoder.Shortened(errors)}");
        }
        catch (Exception error) when (error is Win32Exception or TimeoutException or InvalidDataException)
        {
            throw new DegradationException($"ffmpeg {string.Join(' ', arguments)} failed: {error.Message}", error);
        }
    }

    /// <summary>Names from a table of lines like " A....D aac   AAC (Advanced Audio Coding)".</summary>
    private HashSet<string> Encoders() =>
        [.. System.Text.Encoding.UTF8.GetString(Run([], "-encoders")).Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 1 && words[0][0] == 'A')
            .Select(words => words[1])];
}

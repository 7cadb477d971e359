using System.Collections.Concurrent;
using System.ComponentModel;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>Runs ffmpeg to encode and decode audio in memory; nothing is written to the disk.</summary>
/// <param name="command">The program to run.</param>
/// <param name="timeLimit">Maximum time per call; null for one minute.</param>
internal sealed class FfmpegProgram(string command = "ffmpeg", TimeSpan? timeLimit = null)
{
    private const int MaxBytes = 1 << 30;

    private static readonly ConcurrentDictionary<string, IReadOnlySet<string>> EncodersByCommand = new(StringComparer.Ordinal);

    /// <summary>Reason why ffmpeg cannot encode with this encoder; null if it can.</summary>
    /// <param name="encoder">ffmpeg's name of the encoder.</param>
    public string? WhyCannotEncode(string encoder) => !ChildProgram.IsInstalled(command)
        ? "ffmpeg is not installed here (apt-get install ffmpeg)."
        : EncodersByCommand.GetOrAdd(command, _ => ListEncoders()).Contains(encoder)
            ? null : $"the ffmpeg that is installed here was built without the encoder {encoder}.";

    /// <summary>Runs ffmpeg and returns what it writes to its standard output.</summary>
    /// <exception cref="DegradationException">ffmpeg cannot be started, fails, or takes too long.</exception>
    public byte[] Run(byte[] input, params string[] arguments)
    {
        try
        {
            string[] allArguments = ["-nostdin", "-hide_banner", "-v", "error", "-threads", "1", .. arguments];
            var (exitCode, output, errors) = ChildProgram.Run(command, allArguments, input, timeLimit ?? TimeSpan.FromMinutes(1), MaxBytes);
            return exitCode == 0 && output.Length > 0 ? output
                : throw new DegradationException($"ffmpeg {string.Join(' ', arguments)} failed: {ChildProgram.Shorten(errors)}");
        }
        catch (Exception error) when (error is Win32Exception or TimeoutException or InvalidDataException)
        {
            throw new DegradationException($"ffmpeg {string.Join(' ', arguments)} failed: {error.Message}", error);
        }
    }

    /// <summary>Parses the encoder names from lines like " A....D aac   AAC (Advanced Audio Coding)".</summary>
    private HashSet<string> ListEncoders() =>
        [.. System.Text.Encoding.UTF8.GetString(Run([], "-encoders")).Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1 && words[0][0] == 'A')
            .Select(words => words[1])];
}

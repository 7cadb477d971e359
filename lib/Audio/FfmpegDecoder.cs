using System.ComponentModel;
using DeviceId.Foundation;

namespace DeviceId.Audio;

/// <summary>Decodes with the ffmpeg on the PATH the formats that no other reader here supports.</summary>
/// <remarks>Running time and output size are limited, see <see cref="ChildProgram"/>.</remarks>
/// <param name="command">The program to run.</param>
/// <param name="timeLimit">Maximum time per file; null for two minutes.</param>
/// <param name="maxBytes">Maximum size of the decoded file (bytes).</param>
internal sealed class FfmpegDecoder(string command = "ffmpeg", TimeSpan? timeLimit = null, int maxBytes = 1 << 30) : IAudioDecoder
{
    private const int MessageLength = 400;

    public string Name => "ffmpeg";

    public bool CanRead(string path, ReadOnlySpan<byte> header) => ChildProgram.IsInstalled(command);

    public AudioClip Decode(string path, ChannelChoice channel)
    {
        // Without "file:" ffmpeg would take a name like "-y" or "concat:x" for an option or a protocol.
        string[] arguments =
        [
            "-nostdin", "-v", "error", "-i", "file:" + Path.GetFullPath(path),
            "-vn", "-map", "0:a:0", "-c:a", "pcm_s16le", "-f", "wav", "pipe:1",
        ];
        var limit = timeLimit ?? TimeSpan.FromMinutes(2);
        try
        {
            var (exitCode, wave, message) = ChildProgram.Run(command, arguments, [], limit, maxBytes);
            return exitCode == 0 && WaveFile.Recognises(wave) ? WaveFile.Parse(path, wave, channel)
                : throw new AudioException(path, $"ffmpeg could not decode it: {Shorten(message)}");
        }
        catch (Win32Exception error)
        {
            throw new AudioException(path, $"ffmpeg cannot be started: {error.Message}", error);
        }
        catch (TimeoutException)
        {
            throw new AudioException(path, $"ffmpeg took longer than {limit} and was stopped.");
        }
        catch (InvalidDataException)
        {
            throw new AudioException(path, $"it decodes to more than {maxBytes} bytes: split the recording.");
        }
    }

    /// <summary>The end of a program's error message, on one line.</summary>
    internal static string Shorten(string message)
    {
        var text = message.Trim().ReplaceLineEndings(" ");
        return text.Length == 0 ? "it gave no reason." : text.Length <= MessageLength ? text : "…" + text[^MessageLength..];
    }
}

using System.ComponentModel;
using DeviceId.Foundation;

namespace DeviceId.Audio;

/// <summary>Lets an ffmpeg on the PATH decode what nothing else here reads.</summary>
/// <remarks>Bounded in time and in output: see <see cref="ChildProgram"/>.</remarks>
/// <param name="command">The program.</param>
/// <param name="timeLimit">How long a file may take; null for two minutes.</param>
/// <param name="mostBytes">How much a file may decode to.</param>
internal sealed class FfmpegDecoder(string command = "ffmpeg", TimeSpan? timeLimit = null, int mostBytes = 1 << 30) : IAudioDecoder
{
    private const int MessageLength = 400;

    public string Name => "ffmpeg";

    public bool CanRead(string path, ReadOnlySpan<byte> header) => ChildProgram.IsInstalled(command);

    public AudioClip Decode(string path, ChannelChoice channel)
    {
        // "file:" keeps a name like "-y" or "concat:x" what it is: the name of a file.
        string[] arguments = ["-nostdin", "-v", "error", "-i", "file:" + Path.GetFullPath(path), "-vn", "-map", "0:a:0", "-c:a",
            "pcm_s16le", "-f", "wav", "pipe:1"];
        var limit = timeLimit ?? TimeSpan.FromMinutes(2);
        try
        {
            var (exitCode, wave, message) = ChildProgram.Run(command, arguments, [], limit, mostBytes);
            return exitCode == 0 && WaveFile.Recognises(wave) ? WaveFile.Parse(path, wave, channel)
                : throw new AudioException(path, $"ffmpeg could not decode it: {Shortened(message)}");
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
            throw new AudioException(path, $"it decodes to more than {mostBytes} bytes: split the recording.");
        }
    }

    /// <summary>The end of a program's complaint, on one line.</summary>
    internal static string Shortened(string message)
    {
        var text = message.Trim().ReplaceLineEndings(" ");
        return text.Length == 0 ? "it gave no reason." : text.Length <= MessageLength ? text : "…" + text[^MessageLength..];
    }
}

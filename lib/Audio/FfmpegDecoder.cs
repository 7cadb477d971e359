using System.ComponentModel;
using System.Diagnostics;

namespace DeviceId.Audio;

/// <summary>Lets an ffmpeg on the PATH decode what nothing else here reads.</summary>
/// <remarks>Bounded in time and in output; on either bound the process and its children are killed. No shell, so that no file name is ever a command.</remarks>
/// <param name="command">The program.</param>
/// <param name="timeLimit">How long a file may take; null for two minutes.</param>
/// <param name="mostBytes">How much a file may decode to.</param>
internal sealed class FfmpegDecoder(string command = "ffmpeg", TimeSpan? timeLimit = null, int mostBytes = 1 << 30) : IAudioDecoder
{
    private const int MessageLength = 400;

    public string Name => "ffmpeg";

    public bool CanRead(string path, ReadOnlySpan<byte> header) => IsInstalled();

    public AudioClip Decode(string path, ChannelChoice channel)
    {
        using var process = Start(path);
        using var limit = new CancellationTokenSource(timeLimit ?? TimeSpan.FromMinutes(2));
        try
        {
            var message = process.StandardError.ReadToEndAsync(limit.Token);
            var wave = ReadBounded(path, process.StandardOutput.BaseStream, limit.Token);
            process.WaitForExitAsync(limit.Token).GetAwaiter().GetResult();
            if (process.ExitCode != 0 || !WaveFile.Recognises(wave))
                throw new AudioException(path, $"ffmpeg could not decode it: {Shortened(message.GetAwaiter().GetResult())}");
            return WaveFile.Parse(path, wave, channel);
        }
        catch (OperationCanceledException)
        {
            throw new AudioException(path, $"ffmpeg took longer than {timeLimit ?? TimeSpan.FromMinutes(2)} and was stopped.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(string path)
    {
        var start = new ProcessStartInfo(command) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // "file:" keeps a name like "-y" or "concat:x" what it is: the name of a file.
        foreach (var argument in new[] { "-nostdin", "-v", "error", "-i", "file:" + Path.GetFullPath(path), "-vn", "-map", "0:a:0", "-c:a", "pcm_s16le", "-f", "wav", "pipe:1" })
            start.ArgumentList.Add(argument);
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception error)
        {
            throw new AudioException(path, $"ffmpeg cannot be started: {error.Message}", error);
        }
    }

    private byte[] ReadBounded(string path, Stream output, CancellationToken cancellationToken)
    {
        using var wave = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (output.ReadAsync(buffer, cancellationToken).AsTask().GetAwaiter().GetResult() is var count and > 0)
        {
            if (wave.Length + count > mostBytes)
                throw new AudioException(path, $"it decodes to more than {mostBytes} bytes: split the recording.");
            wave.Write(buffer, 0, count);
        }

        return wave.ToArray();
    }

    private bool IsInstalled() => Path.IsPathRooted(command)
        ? File.Exists(command)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, command)) || File.Exists(Path.Combine(folder, command + ".exe")));

    private static string Shortened(string message)
    {
        var text = message.Trim().ReplaceLineEndings(" ");
        return text.Length == 0 ? "it gave no reason." : text.Length <= MessageLength ? text : "…" + text[^MessageLength..];
    }
}

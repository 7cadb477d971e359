using System.Diagnostics;

namespace DeviceId.Foundation;

/// <summary>Runs another program with bytes as input and output.</summary>
/// <remarks>
/// Time and output are limited; at either limit the process and its children are killed. No shell is used, so no argument can become a
/// command.
/// </remarks>
internal static class ChildProgram
{
    private const int MessageLength = 400;

    /// <summary>Whether a program is installed: on the PATH, or at the given absolute path.</summary>
    public static bool IsInstalled(string command) => Path.IsPathRooted(command)
        ? File.Exists(command)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, command)) || File.Exists(Path.Combine(folder, command + ".exe")));

    /// <summary>The end of a program's error message, on one line.</summary>
    public static string Shorten(string message)
    {
        var text = message.Trim().ReplaceLineEndings(" ");
        return text.Length == 0 ? "it gave no reason." : text.Length <= MessageLength ? text : "…" + text[^MessageLength..];
    }

    /// <summary>Runs a program and returns its output.</summary>
    /// <param name="command">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="limit">Time limit.</param>
    /// <param name="maxBytes">Maximum length of its output in bytes.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    /// <exception cref="TimeoutException">It exceeded the time limit.</exception>
    /// <exception cref="InvalidDataException">Its output is too long.</exception>
    public static (int ExitCode, byte[] Output, string Errors) Run(
        string command, IEnumerable<string> arguments, byte[] input, TimeSpan limit, int maxBytes)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            // The input is written while the output is read: a program that fills its output before it has read all its input would block
            // for ever.
            var writing = WriteAsync(process.StandardInput.BaseStream, input, timeout.Token);
            var output = ReadBounded(process.StandardOutput.BaseStream, maxBytes, timeout.Token);
            writing.GetAwaiter().GetResult();
            process.WaitForExitAsync(timeout.Token).GetAwaiter().GetResult();
            return (process.ExitCode, output, errors.GetAwaiter().GetResult());
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{command} took longer than {limit} and was stopped.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task WriteAsync(Stream stream, byte[] input, CancellationToken cancellationToken)
    {
        try
        {
            await using (stream)
                await stream.WriteAsync(input, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The program ended before it had read all its input: its exit code and its message say why.
        }
    }

    private static byte[] ReadBounded(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (stream.ReadAsync(buffer, cancellationToken).AsTask().GetAwaiter().GetResult() is var count and > 0)
        {
            if (output.Length + count > maxBytes)
                throw new InvalidDataException($"The output is longer than {maxBytes} bytes.");
            output.Write(buffer, 0, count);
        }

        return output.ToArray();
    }
}

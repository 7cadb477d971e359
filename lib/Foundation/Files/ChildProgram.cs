using System.Diagnostics;

namespace DeviceId.Foundation;

/// <summary>Runs another program on bytes.</summary>
/// <remarks>
/// Bounded in time and in output; on either bound the process and its children are killed. No shell, so that no argument is ever a command.
/// </remarks>
internal static class ChildProgram
{
    /// <summary>Whether a program is there to be run: on the PATH, or under its full path.</summary>
    public static bool IsInstalled(string command) => Path.IsPathRooted(command)
        ? File.Exists(command)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, command)) || File.Exists(Path.Combine(folder, command + ".exe")));

    /// <summary>Gives a program its input and takes its output.</summary>
    /// <param name="command">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="limit">How long it may run.</param>
    /// <param name="mostBytes">How much it may write.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    /// <exception cref="TimeoutException">It ran too long.</exception>
    /// <exception cref="InvalidDataException">It wrote too much.</exception>
    public static (int ExitCode, byte[] Output, string Errors) Run(
        string command, IEnumerable<string> arguments, byte[] input, TimeSpan limit, int mostBytes)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true, RedirectStandardInput = true
        })!;
        using var time = new CancellationTokenSource(limit);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(time.Token);
            // Written while the output is read: a program that fills its output before it has read all its input would wait for ever.
            var writing = WriteAsync(process.StandardInput.BaseStream, input, time.Token);
            var output = ReadBounded(process.StandardOutput.BaseStream, mostBytes, time.Token);
            writing.GetAwaiter().GetResult();
            process.WaitForExitAsync(time.Token).GetAwaiter().GetResult();
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
            // It has ended without reading all: its exit code and its message say why.
        }
    }

    private static byte[] ReadBounded(Stream stream, int mostBytes, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (stream.ReadAsync(buffer, cancellationToken).AsTask().GetAwaiter().GetResult() is var count and > 0)
        {
            if (output.Length + count > mostBytes)
                throw new InvalidDataException($"The output is longer than {mostBytes} bytes.");
            output.Write(buffer, 0, count);
        }

        return output.ToArray();
    }
}

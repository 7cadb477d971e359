using System.Diagnostics;
using System.Globalization;

namespace DeviceId.Foundation;

/// <summary>A running program whose output is read as it comes; it is killed when it stalls and when this is disposed.</summary>
/// <remarks>Its total time and output are not limited, its silence is. No shell is used.</remarks>
internal sealed class ChildStream : IDisposable
{
    private const int MaxErrorLines = 20;

    private readonly List<string> _errors = [];
    private readonly Process _process;
    private readonly TimeSpan _patience;
    private readonly string _command;
    private int _dropped;

    /// <summary>Starts a program without input.</summary>
    /// <param name="command">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="patience">Longest time without output.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public ChildStream(string command, IEnumerable<string> arguments, TimeSpan patience)
    {
        (_command, _patience) = (command, patience);
        _process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.StandardInput.Close();
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>Fills a buffer with output; fewer bytes are returned only at its end.</summary>
    /// <exception cref="TimeoutException">The program wrote nothing for too long; it has been killed.</exception>
    public int Read(Memory<byte> buffer)
    {
        var done = 0;
        while (done < buffer.Length && ReadSome(buffer[done..]) is var count and > 0)
            done += count;
        return done;
    }

    /// <summary>Waits for the program's end; returns its exit code and the first lines of its error output.</summary>
    /// <exception cref="TimeoutException">It does not end; it has been killed.</exception>
    public (int ExitCode, IReadOnlyList<string> Errors) Finish()
    {
        if (!_process.WaitForExit(_patience))
            throw Stalled();
        _process.WaitForExit();
        lock (_errors)
        {
            var more = string.Create(CultureInfo.InvariantCulture, $"({_dropped} more lines)");
            return (_process.ExitCode, _dropped == 0 ? [.. _errors] : [.. _errors, more]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private int ReadSome(Memory<byte> buffer)
    {
        using var timeout = new CancellationTokenSource(_patience);
        try
        {
            return _process.StandardOutput.BaseStream.ReadAsync(buffer, timeout.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw Stalled();
        }
    }

    private TimeoutException Stalled()
    {
        Kill();
        return new TimeoutException($"{_command} gave no output for {_patience} and was stopped.");
    }

    private void Kill()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_errors)
        {
            if (_errors.Count < MaxErrorLines)
                _errors.Add(line);
            else
                _dropped++;
        }
    }
}

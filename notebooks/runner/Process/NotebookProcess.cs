using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// Executes a notebook in a separate process: a crash, a leak or the state of a native library cannot affect others. The process reports
/// through a pipe of its own; another one, which closes when the runner ends, stops it. Whatever a cell has done, this ends.
/// </summary>
internal sealed class NotebookProcess
{
    /// <summary>The hidden command with which the runner starts itself as a child.</summary>
    public const string Verb = "execute";

    // Longer than the child's own grace period, so that it can end by itself.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(6);

    // For what cells have registered for the end of the process, such as a library that deletes its files.
    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(10);

    // Everything is in the pipes when the process has ended; only a process that was not found can keep them open. Nothing read for this
    // long is then the end; a busy machine reads something.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly NotebookRecord _record;
    private readonly Action<NotebookEvent> _received;
    private readonly string _key = Guid.NewGuid().ToString("N");
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly AnonymousPipeServerStream _events = new(PipeDirection.In, HandleInheritability.Inheritable);
    private readonly AnonymousPipeServerStream _control = new(PipeDirection.Out, HandleInheritability.Inheritable);
    private NativeOutput[] _native = [];
    private long _reads;

    private NotebookProcess(NotebookRecord record, Action<NotebookEvent> received) => (_record, _received) = (record, received);

    /// <param name="record">The prepared copy, which receives the outputs.</param>
    /// <param name="folder">The folder of the original: working directory and base of relative paths.</param>
    /// <param name="received">Called for every event, in order, by one thread at a time.</param>
    /// <param name="stop">Requests to stop.</param>
    /// <returns>How the notebook ended.</returns>
    public static async Task<NotebookOutcome> RunAsync(
        NotebookRecord record, string folder, Action<NotebookEvent> received, RunStop stop)
    {
        var run = new NotebookProcess(record, received);
        using var kill = run._kill;
        using var events = run._events;
        using var control = run._control;
        return await run.RunAsync(folder, stop);
    }

    private async Task<NotebookOutcome> RunAsync(string folder, RunStop stop)
    {
        using var child = Start(folder);
        var isKilled = false;
        using var killing = _kill.Token.Register(() =>
        {
            isKilled = true;
            LeftBehind.KillTree(child);
        });
        var reading = Task.Factory.StartNew(
            ReadEvents, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using var stopping = stop.Stop.Register(() =>
        {
            _kill.CancelAfter(StopGrace);
            _control.Dispose();
        });
        using var now = stop.Kill.Register(_kill.Cancel);

        await child.WaitForExitAsync(CancellationToken.None);
        LeftBehind.Kill(_key);
        await DrainAsync(Task.WhenAll([reading, .. _native.Select(n => n.End)]));
        if (reading.IsFaulted)
            await reading;
        _record.EndNative();
        return NotebookOutcome.Conclude(_record, isKilled ? null : child.ExitCode, stop.Stop.IsCancellationRequested, Pass);
    }

    private async Task DrainAsync(Task streams)
    {
        long reads;
        do
        {
            reads = Interlocked.Read(ref _reads);
            await Task.WhenAny(streams, Task.Delay(Silence, CancellationToken.None));
        }
        while (!streams.IsCompleted && Interlocked.Read(ref _reads) > reads);
    }

    private System.Diagnostics.Process Start(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(NotebookProcess).Assembly.Location);
        string[] arguments = [Verb, _record.Path, folder, _events.GetClientHandleAsString(), _control.GetClientHandleAsString()];
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["DEVICEID_HOST"] = "runner";
        start.Environment[LeftBehind.Variable] = _key;
        var child = System.Diagnostics.Process.Start(start)!;
        _events.DisposeLocalCopyOfClientHandle();
        _control.DisposeLocalCopyOfClientHandle();
        child.StandardInput.Close(); // cells, and what they start, read an empty input
        _native = [Open(child.StandardOutput.BaseStream, "stdout"), Open(child.StandardError.BaseStream, "stderr")];
        return child;
    }

    private NativeOutput Open(Stream stream, string name)
    {
        var output = new NativeOutput(stream, NativeOutput.Marker(_key), (index, text) =>
        {
            _record.AddNative(index, name, text);
            Pass(new NotebookEvent(EventKind.Text, Text: text, Stream: name));
        });
        output.Start();
        return output;
    }

    private void ReadEvents()
    {
        try
        {
            using var lines = new StreamReader(_events, Encoding.UTF8, bufferSize: 1 << 16);
            while (lines.ReadLine() is { } line)
                Receive(NotebookEvent.FromLine(line));
        }
        catch (JsonException)
        {
            // The process ended while it was writing.
        }
        catch
        {
            _kill.Cancel(); // the copy cannot be saved
            throw;
        }
    }

    private void Receive(NotebookEvent e)
    {
        if (e.Kind == EventKind.CellFinished)
            Array.ForEach(_native, stream => stream.WaitForMarker(Silence));
        _record.Receive(e);
        Pass(e);
        if (e.Kind == EventKind.Finished)
            _kill.CancelAfter(ExitGrace);
    }

    private void Pass(NotebookEvent e)
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
            _received(e);
    }
}

using System.IO.Pipes;
using System.Runtime.InteropServices;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// Executes one notebook in this process and reports every output to the parent process, which saves them. Its standard output and error
/// belong to native code and to the processes that cells start; its standard input is empty.
/// </summary>
internal sealed class NotebookHost
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly RunPlan _plan;
    private readonly string _key;
    private readonly EventWriter _events;
    private readonly ScriptEngine _engine;
    private readonly CancellationTokenSource _cancel = new();
    private CellOutputs _outputs = new(new Cell(Cell.Code, ""));
    private PlannedCell? _running;
    private int _stops;

    private NotebookHost(string copy, string folder, string key, Stream events)
    {
        (_plan, _key) = (new RunPlan(NotebookFile.Read(copy)), key);
        _events = new EventWriter(events, Stop);
        _engine = new ScriptEngine(folder);
    }

    /// <summary>
    /// The main method of the child process. Executes the prepared notebook at <paramref name="copy"/>, with <paramref name="folder"/> as
    /// working directory.
    /// </summary>
    /// <param name="copy">The prepared notebook; it is only read.</param>
    /// <param name="folder">The folder of the original.</param>
    /// <param name="events">The pipe for the events.</param>
    /// <param name="control">The pipe that the parent closes to stop the notebook; it also closes when the parent ends.</param>
    public static async Task<int> MainAsync(string copy, string folder, string events, string control)
    {
        using var eventPipe = InheritedPipe.Open(PipeDirection.Out, events);
        using var controlPipe = InheritedPipe.Open(PipeDirection.In, control);
        Directory.SetCurrentDirectory(folder);
        var host = new NotebookHost(copy, folder, Environment.GetEnvironmentVariable(LeftBehind.Variable) ?? "", eventPipe);
        Stream[] native = [Console.OpenStandardOutput(), Console.OpenStandardError()];
        Console.SetIn(TextReader.Null);
        Console.SetOut(new CapturingWriter(t => host._outputs.Write("stdout", t)));
        Console.SetError(new CapturingWriter(t => host._outputs.Write("stderr", t)));
        // Ctrl-C, a closed terminal and a signal to the group reach this process as well as its parent.
        var registered = StopSignals.All
            .Select(signal => PosixSignalRegistration.Create(signal, context => { context.Cancel = true; host.Stop(); })).ToArray();
        new Thread(() => { while (controlPipe.ReadByte() >= 0) { } host.Stop(); }) { IsBackground = true }.Start();
        var exit = await host.RunAsync(native);
        // Not by a return, which would wait for foreground threads that cells have started.
        Environment.Exit(exit);
        GC.KeepAlive(registered);
        return exit;
    }

    private async Task<int> RunAsync(Stream[] native)
    {
        var done = 0;
        foreach (var cell in _plan.ToRun)
        {
            _running = cell;
            _events.Send(new NotebookEvent(EventKind.CellStarted, cell.Number));
            var success = await RunCellAsync(cell);
            WriteMarkers(native);
            _events.Send(new NotebookEvent(EventKind.CellFinished, cell.Number));
            if (!success || _cancel.IsCancellationRequested)
                break;
            done++;
        }

        LeftBehind.Kill(_key);
        _events.Send(new NotebookEvent(EventKind.Finished, done));
        return _cancel.IsCancellationRequested ? ExitCode.Interrupted
            : done == _plan.ToRun.Count ? ExitCode.Success : ExitCode.CellFailed;
    }

    private async Task<bool> RunCellAsync(PlannedCell cell)
    {
        _outputs = new CellOutputs(new Cell(Cell.Code, ""), new CellEvents(_events, cell.Number));
        return await CellExecution.RunAsync(_engine, cell.Source, cell.Name, _outputs, _cancel.Token) is null
            || cell.Cell.MayFail;
    }

    private void WriteMarkers(Stream[] native)
    {
        foreach (var stream in native)
        {
            try
            {
                stream.Write(NativeOutput.Marker(_key));
            }
            catch (IOException)
            {
                // The cell has closed the stream: nothing more comes from it.
            }
        }
    }

    /// <summary>Cancels the running cell; if it has not ended after the grace period, ends the process.</summary>
    private void Stop()
    {
        if (Interlocked.Increment(ref _stops) > 1)
            return;
        new Thread(EndAfterGrace) { IsBackground = true }.Start();
        _ = _cancel.CancelAsync(); // what a cell registered for this may take long or throw
    }

    private void EndAfterGrace()
    {
        Thread.Sleep(Grace);
        // For the case that something registered for the end of the process does not return either.
        new Thread(KillAfterGrace) { IsBackground = true }.Start();
        LeftBehind.Kill(_key);
        if (_running is { } cell)
            _outputs.Fail(ScriptException.Interrupted(cell.Name));
        Environment.Exit(ExitCode.Interrupted);
    }

    private static void KillAfterGrace()
    {
        Thread.Sleep(Grace);
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        process.Kill();
    }
}

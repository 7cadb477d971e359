using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Process;

/// <summary>Executes one notebook in this process, saves it after every cell and reports to the parent process.</summary>
internal sealed partial class NotebookHost : IOutputListener
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly NotebookFile _notebook;
    private readonly string _destination;
    private readonly TextWriter _events;
    private readonly ScriptEngine _engine;
    private readonly CancellationTokenSource _cancel = new();
    private readonly Cell[] _code;
    private CellOutputs _outputs;
    private int _running;

    private NotebookHost(NotebookFile notebook, string folder, string destination, TextWriter events)
    {
        (_notebook, _destination, _events) = (notebook, destination, events);
        _engine = new ScriptEngine(folder);
        _code = [.. notebook.CodeCells.Where(c => c.Language is "csharp" or "markdown" && !c.IsSkipped)];
        _outputs = new CellOutputs(new Cell(Cell.Code, ""));
    }

    /// <summary>
    /// The main method of the child process. Executes the prepared notebook at <paramref name="destination"/> in place, with
    /// <paramref name="folder"/> as working directory.
    /// </summary>
    public static async Task<int> MainAsync(string destination, string folder)
    {
        // Standard output carries the events, so the console output of cells is captured.
        var events = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        Directory.SetCurrentDirectory(folder);
        var host = new NotebookHost(NotebookFile.Read(destination), folder, destination, events);
        Console.SetOut(new CapturingWriter(t => host._outputs.Write("stdout", t)));
        Console.SetError(new CapturingWriter(t => host._outputs.Write("stderr", t)));
        // Stop on Ctrl-C, which reaches the whole process group, and when standard input closes, because then the parent has ended.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => { c.Cancel = true; host.Stop(); });
        new Thread(() => { while (Console.In.Read() >= 0) { } host.Stop(); }) { IsBackground = true }.Start();
        return await host.RunAsync();
    }

    private async Task<int> RunAsync()
    {
        foreach (var cell in _notebook.Cells.Where(c => !c.IsSkipped))
        {
            cell.Outputs.Clear();
            cell.ExecutionCount = null;
        }

        for (_running = 1; _running <= _code.Length && !_cancel.IsCancellationRequested; _running++)
        {
            var cell = _code[_running - 1];
            Send(EventKind.CellStarted);
            var success = await RunCellAsync(cell);
            _outputs.RunLocked(() => _notebook.Write(_destination));
            Send(EventKind.CellFinished);
            if (!success)
                return _cancel.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.CellFailed;
        }

        return _cancel.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
    }

    private async Task<bool> RunCellAsync(Cell cell)
    {
        _outputs = new CellOutputs(cell, this);
        cell.ExecutionCount = _running;
        return await CellExecution.RunAsync(_engine, cell.Source, $"cell {_running}", _outputs, _cancel.Token) is null || cell.MayFail;
    }

    /// <summary>Cancels the running cell; if it has not ended after the grace period, saves the outputs and ends the process.</summary>
    private void Stop()
    {
        if (_cancel.IsCancellationRequested)
            return;
        _cancel.Cancel();
        new Thread(SaveAndEnd) { IsBackground = true }.Start();
    }

    private void SaveAndEnd()
    {
        Thread.Sleep(Grace);
        _outputs.Fail(ScriptException.Interrupted($"cell {_running}"));
        _outputs.RunLocked(() => _notebook.Write(_destination));
        Environment.Exit(ExitCode.Interrupted);
    }

    void IOutputListener.OnText(string stream, string text) => Send(EventKind.Text, text);

    void IOutputListener.OnShown(int index, IReadOnlyDictionary<string, string> mime, bool isResult) => UpdateBar(mime);

    void IOutputListener.OnReplaced(int index, IReadOnlyDictionary<string, string> mime) => UpdateBar(mime);

    void IOutputListener.OnFailed(ScriptException problem) => Send(EventKind.Failed, string.Join('\n', problem.Trace));

    // A display with the attributes data-deviceid-progress="0.35" data-deviceid-status="epoch 3 of 10" updates the bar in the terminal.
    private void UpdateBar(IReadOnlyDictionary<string, string> mime)
    {
        if (!mime.TryGetValue("text/html", out var html) || ProgressAttribute().Match(html) is not { Success: true } match)
            return;
        if (double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction))
            Send(EventKind.Progress, WebUtility.HtmlDecode(StatusAttribute().Match(html).Groups[1].Value), Math.Clamp(fraction, 0, 1));
    }

    private void Send(EventKind kind, string? text = null, double? fraction = null)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        try
        {
            _events.WriteLine(new NotebookEvent(kind, _running, _code.Length, text, fraction, process.PeakWorkingSet64).ToLine());
        }
        catch (IOException)
        {
            Stop(); // the parent has ended
        }
    }

    [GeneratedRegex("""data-deviceid-progress="([0-9.eE+-]+)["]""")]
    private static partial Regex ProgressAttribute();

    [GeneratedRegex("""data-deviceid-status="([^"]*)["]""")]
    private static partial Regex StatusAttribute();
}

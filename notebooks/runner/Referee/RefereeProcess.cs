using System.Globalization;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;

namespace DeviceId.Notebooks.Referee;

/// <summary>
/// Executes a notebook in .NET Interactive's own engine instead of ours, to compare the two. The executed copy, the events and the exit
/// code are those of <see cref="NotebookProcess"/>.
/// </summary>
internal sealed class RefereeProcess : IOutputListener
{
    private const string CSharp = "csharp";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly NotebookFile _notebook;
    private readonly string _destination;
    private readonly Action<NotebookEvent> _received;
    private readonly CancellationToken _cancellation;
    private readonly ToolConnection _tool;
    private readonly Cell[] _code;
    private readonly Dictionary<string, (CellOutputs Outputs, int Index)> _displays = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private CellOutputs _outputs = new(new Cell(Cell.Code, ""));
    private int _running;
    private int _processId;

    private RefereeProcess(
        string destination, ToolConnection tool, Action<NotebookEvent> received, CancellationToken cancellation)
    {
        (_destination, _tool, _received, _cancellation) = (destination, tool, received, cancellation);
        _notebook = NotebookFile.Read(destination);
        _code = [.. _notebook.CodeCells];
    }

    /// <inheritdoc cref="NotebookProcess.RunAsync"/>
    public static async Task<int> RunAsync(string notebook, string folder, Action<NotebookEvent> received, CancellationToken cancellation)
    {
        using var tool = new ToolConnection(folder);
        using var timeout = new CancellationTokenSource();
        using var kill = timeout.Token.Register(tool.Kill);
        using var stop = cancellation.Register(() =>
        {
            tool.Cancel();
            timeout.CancelAfter(Grace);
        });
        return await new RefereeProcess(notebook, tool, received, cancellation).RunAsync();
    }

    private async Task<int> RunAsync()
    {
        foreach (var cell in _notebook.Cells)
        {
            cell.Outputs.Clear();
            cell.ExecutionCount = null;
        }

        await using var events = _tool.ReadAsync().GetAsyncEnumerator();
        await PrepareAsync(events);
        for (_running = 1; _running <= _code.Length && !_cancellation.IsCancellationRequested; _running++)
        {
            var cell = _code[_running - 1];
            if (cell.HasTag("skip-execution"))
                continue;
            Send(EventKind.CellStarted);
            _outputs = new CellOutputs(cell, this);
            cell.ExecutionCount = _running;
            var isSuccess = await RunAsync(events, cell.Language, cell.Source) || cell.HasTag("raises-exception");
            _outputs.RunLocked(() => _notebook.Write(_destination));
            Send(EventKind.CellFinished);
            if (!isSuccess)
                return _cancellation.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.CellFailed;
        }

        return _cancellation.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
    }

    /// <summary>
    /// A cell of ours before the first: it closes standard input, over which the commands come, for the other cells, and ends the engine
    /// when this process has ended, which it does not do by itself. Its result is the process, for the peak memory.
    /// </summary>
    private async Task PrepareAsync(IAsyncEnumerator<ToolEvent> events)
    {
        var outputs = new Cell(Cell.Code, "");
        _outputs = new CellOutputs(outputs);
        await RunAsync(events, CSharp, $$"""
            System.Console.SetIn(System.IO.TextReader.Null);
            new System.Threading.Thread(() =>
            {
                try { System.Diagnostics.Process.GetProcessById({{Environment.ProcessId}}).WaitForExit(); } catch (ArgumentException) { }
                System.Diagnostics.Process.GetCurrentProcess().Kill();
            }) { IsBackground = true }.Start();
            System.Environment.ProcessId.ToString()
            """);
        var result = outputs.Outputs.OfType<Output.Data>().LastOrDefault()?.Mime.GetValueOrDefault("text/plain");
        _ = int.TryParse(result, NumberStyles.None, CultureInfo.InvariantCulture, out _processId);
    }

    /// <summary>Runs code and collects its outputs until the engine reports its end. False: it failed, or the engine ended.</summary>
    private async Task<bool> RunAsync(IAsyncEnumerator<ToolEvent> events, string language, string code)
    {
        var token = $"cell-{_running}";
        _problems.Clear();
        _tool.Submit(token, language, code);
        while (await events.MoveNextAsync())
        {
            var found = events.Current;
            switch (found.Type)
            {
                case "CommandSucceeded" when found.Token == token:
                    return _problems.Count == 0 || Fail(string.Join('\n', _problems));
                case "CommandFailed" when found.Token == token:
                    return Fail(found.Message);
                case ToolEvent.Request:
                    return Fail($"The engine sends {found.Message}, which only an editor can answer.");
                default:
                    Collect(found);
                    break;
            }
        }

        return Fail("The engine has ended before the end of the cell.");
    }

    private void Collect(ToolEvent found)
    {
        switch (found.Type)
        {
            case "ErrorProduced": // in an imported file or an extension: the engine goes on, and reports a success at the end
                _problems.Add(found.Message);
                break;
            case ToolEvent.Text:
                _outputs.Write("stdout", found.Message);
                break;
            case "StandardOutputValueProduced" or "StandardErrorValueProduced":
                var stream = found.Type.Contains("Error", StringComparison.Ordinal) ? "stderr" : "stdout";
                _outputs.Write(stream, found.Values.GetValueOrDefault("text/plain", ""));
                break;
            case "DisplayedValueUpdated" when found.ValueId is { } id && _displays.TryGetValue(id, out var shown):
                shown.Outputs.Replace(shown.Index, found.Values);
                break;
            // An update of a value that is not shown yet comes first in some releases.
            case "DisplayedValueProduced" or "DisplayedValueUpdated" or "ReturnValueProduced":
                var index = _outputs.Add(found.Values, found.Type == "ReturnValueProduced");
                if (found.ValueId is not null)
                    _displays[found.ValueId] = (_outputs, index);
                break;
        }
    }

    private bool Fail(string message)
    {
        var name = $"cell {_running}";
        _outputs.Fail(_cancellation.IsCancellationRequested ? ScriptException.Interrupted(name) : ScriptException.Reported(message, name));
        return false;
    }

    void IOutputListener.OnText(string stream, string text) => Send(EventKind.Text, text);

    void IOutputListener.OnShown(int index, IReadOnlyDictionary<string, string> mime, bool isResult) => UpdateBar(mime);

    void IOutputListener.OnReplaced(int index, IReadOnlyDictionary<string, string> mime) => UpdateBar(mime);

    void IOutputListener.OnFailed(ScriptException problem) => Send(EventKind.Failed, string.Join('\n', problem.Trace));

    private void UpdateBar(IReadOnlyDictionary<string, string> mime)
    {
        if (ProgressDisplay.Read(mime) is { } progress)
            Send(EventKind.Progress, progress.Status, progress.Fraction);
    }

    private void Send(EventKind kind, string? text = null, double? fraction = null)
    {
        var peak = kind == EventKind.CellFinished ? ReadPeakMemory() : 0;
        _received(new NotebookEvent(kind, _running, _code.Length, text, fraction, peak));
    }

    private long ReadPeakMemory()
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(_processId);
            return process.PeakWorkingSet64;
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
        {
            return 0; // it has ended
        }
    }
}

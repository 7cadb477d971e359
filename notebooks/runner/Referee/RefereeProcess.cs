using System.Globalization;
using DeviceId.Notebooks.Process;

namespace DeviceId.Notebooks.Referee;

/// <summary>
/// Executes a notebook in .NET Interactive's own engine instead of ours, to compare the two. Copy, events and outcome are those of
/// <see cref="NotebookProcess"/>.
/// </summary>
internal sealed class RefereeProcess
{
    // For a cell that can end by itself after the request to stop.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    private readonly NotebookRecord _record;
    private readonly Action<NotebookEvent> _received;
    private readonly ToolConnection _tool;
    private readonly IAsyncEnumerator<ToolEvent> _events;
    private readonly CancellationToken _stop;
    private readonly Dictionary<string, (int Cell, int Index)> _displays = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private int _shown;
    private int _processId;

    private RefereeProcess(NotebookRecord record, ToolConnection tool, Action<NotebookEvent> received, CancellationToken stop)
    {
        (_record, _tool, _received, _stop) = (record, tool, received, stop);
        _events = tool.ReadAsync(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <inheritdoc cref="NotebookProcess.RunAsync"/>
    public static async Task<NotebookOutcome> RunAsync(
        NotebookRecord record, string folder, Action<NotebookEvent> received, RunStop stop)
    {
        using var tool = new ToolConnection(folder);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop.Kill);
        using var kill = timeout.Token.Register(tool.Kill);
        using var stopping = stop.Stop.Register(() =>
        {
            tool.Cancel();
            timeout.CancelAfter(StopGrace);
        });
        return await new RefereeProcess(record, tool, received, stop.Stop).RunAsync();
    }

    private async Task<NotebookOutcome> RunAsync()
    {
        int? exitCode = await RunCellsAsync() ?? await _tool.EndAsync();
        return NotebookOutcome.Conclude(_record, exitCode, _stop.IsCancellationRequested, _received);
    }

    /// <returns>The exit code that our own process would have; null if the engine has ended.</returns>
    private async Task<int?> RunCellsAsync()
    {
        if (await PrepareAsync() is null)
            return null;
        var succeeded = 0;
        foreach (var cell in _record.Plan.ToRun)
        {
            if (_stop.IsCancellationRequested)
                break;
            Send(new NotebookEvent(EventKind.CellStarted, cell.Number));
            _shown = 0;
            if (await RunAsync(cell.Source, cell.Number) is not { } isSuccess)
                return null;
            if (!isSuccess && !cell.Cell.MayFail)
                break;
            succeeded++;
            Send(new NotebookEvent(EventKind.CellFinished, cell.Number, PeakBytes: ReadPeakMemory()));
        }

        Send(new NotebookEvent(EventKind.Finished, succeeded, PeakBytes: ReadPeakMemory()));
        return succeeded == _record.Plan.ToRun.Count ? ExitCode.Success
            : _stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.CellFailed;
    }

    /// <summary>
    /// A cell of ours before the first: it closes standard input, over which the commands come, for the other cells, and ends the engine
    /// when this process has ended, which it does not do by itself. It prints the engine's process, for the peak memory.
    /// </summary>
    private Task<bool?> PrepareAsync() => RunAsync($$"""
        System.Console.SetIn(System.IO.TextReader.Null);
        new System.Threading.Thread(() =>
        {
            try { System.Diagnostics.Process.GetProcessById({{Environment.ProcessId}}).WaitForExit(); } catch (ArgumentException) { }
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        }) { IsBackground = true }.Start();
        System.Console.Write(System.Environment.ProcessId);
        """, number: 0);

    /// <summary>Runs code and collects its outputs until the engine reports its end.</summary>
    /// <returns>Whether it succeeded; null if the engine has ended.</returns>
    private async Task<bool?> RunAsync(string code, int number)
    {
        var token = $"cell-{number}";
        _problems.Clear();
        _tool.Submit(token, code);
        while (await _events.MoveNextAsync())
        {
            var found = _events.Current;
            switch (found.Type)
            {
                case "CommandSucceeded" when found.Token == token:
                    return _problems.Count == 0 || Fail(number, string.Join('\n', _problems));
                case "CommandFailed" when found.Token == token:
                    return Fail(number, found.Message);
                case ToolEvent.Request:
                    return Fail(number, $"The engine sends {found.Message}, which only an editor can answer.");
                case "ErrorProduced": // in an imported file or an extension: the engine goes on, and reports a success at the end
                    _problems.Add(found.Message);
                    break;
                default:
                    Collect(found, number);
                    break;
            }
        }

        return null;
    }

    private void Collect(ToolEvent found, int cell)
    {
        switch (found.Type)
        {
            case ToolEvent.Text:
                Write(cell, "stdout", found.Message);
                break;
            case "StandardOutputValueProduced":
                Write(cell, "stdout", found.Values.GetValueOrDefault("text/plain", ""));
                break;
            case "StandardErrorValueProduced":
                Write(cell, "stderr", found.Values.GetValueOrDefault("text/plain", ""));
                break;
            case "DisplayedValueUpdated" when found.ValueId is { } id && _displays.TryGetValue(id, out var shown):
                Send(new NotebookEvent(EventKind.Replaced, shown.Cell, Index: shown.Index, Mime: found.Values));
                break;
            // The tool gives some updates an identifier of their own.
            case "DisplayedValueProduced" or "DisplayedValueUpdated" or "ReturnValueProduced":
                if (found.ValueId is { } value)
                    _displays[value] = (cell, _shown);
                Send(new NotebookEvent(EventKind.Shown, cell, Index: _shown++, Mime: found.Values,
                    IsResult: found.Type == "ReturnValueProduced"));
                break;
        }
    }

    private void Write(int cell, string stream, string text)
    {
        if (cell == 0)
            _ = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _processId);
        else if (text.Length > 0)
            Send(new NotebookEvent(EventKind.Text, cell, text, stream));
    }

    private bool Fail(int cell, string message)
    {
        if (cell > 0 && !_stop.IsCancellationRequested)
            Send(new NotebookEvent(EventKind.Failed, cell, Error: ToolError.Read(message, $"cell {cell}")));
        return false;
    }

    private void Send(NotebookEvent e)
    {
        _record.Receive(e);
        _received(e);
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

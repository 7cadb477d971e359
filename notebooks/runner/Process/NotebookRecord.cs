using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// The executed copy of a notebook: receives the outputs of its cells as they occur and saves them. It is kept by the runner, not by the
/// process that executes the notebook, so that nothing is lost whatever ends that process. Thread-safe.
/// </summary>
internal sealed class NotebookRecord
{
    // A long cell is saved while it runs, for the case that the runner itself is killed.
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(5);

    private const int TailLength = 16384;

    private readonly Lock _gate = new();
    private readonly NotebookFile _notebook;
    private readonly Dictionary<int, CellOutputs> _outputs = [];
    private readonly Dictionary<(int Cell, int Index), int> _shown = [];
    private readonly List<(int Index, string Stream, string Text)> _early = [];
    private int _lastIndex = -1;
    private string _nativeErrors = "";
    private long _saved;

    /// <param name="notebook">The notebook; the outputs of the cells to run are removed.</param>
    /// <param name="path">The file of the copy, written at once.</param>
    public NotebookRecord(NotebookFile notebook, string path)
    {
        (_notebook, Path, Plan) = (notebook, path, new RunPlan(notebook));
        foreach (var cell in Plan.ToRun)
        {
            cell.Cell.Outputs.Clear();
            cell.Cell.ExecutionCount = null;
            _outputs[cell.Number] = new CellOutputs(cell.Cell);
        }

        Save();
    }

    public string Path { get; }

    public RunPlan Plan { get; }

    /// <summary>The cell that is running; null before, between and after cells.</summary>
    public PlannedCell? Running { get; private set; }

    /// <summary>The last cell that was started.</summary>
    public PlannedCell? Last { get; private set; }

    /// <summary>The number of cells that the process reported as finished.</summary>
    public int Finished { get; private set; }

    /// <summary>The number of cells that ended as they should, from the process's last event; null if that did not come.</summary>
    public int? FinalCount { get; private set; }

    /// <summary>Whether an error of the last cell was reported.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The peak memory of the process.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The end of what native code and child processes wrote to standard error during the last cell.</summary>
    public string NativeErrors
    {
        get
        {
            lock (_gate)
                return _nativeErrors;
        }
    }

    public void Receive(NotebookEvent e)
    {
        lock (_gate)
        {
            PeakBytes = Math.Max(PeakBytes, e.PeakBytes);
            switch (e.Kind)
            {
                case EventKind.CellStarted:
                    Begin(Plan.Cells[e.Cell - 1]);
                    break;
                case EventKind.Text:
                    _outputs[e.Cell].Write(e.Stream!, e.Text!);
                    break;
                case EventKind.Shown:
                    _shown[(e.Cell, e.Index)] = _outputs[e.Cell].Add(e.Mime!, e.IsResult);
                    break;
                case EventKind.Replaced:
                    _outputs[e.Cell].Replace(_shown[(e.Cell, e.Index)], e.Mime!);
                    break;
                case EventKind.Failed:
                    Fail(Plan.Cells[e.Cell - 1], e.Error!);
                    break;
                case EventKind.CellFinished:
                    Running = null;
                    Finished++;
                    break;
                case EventKind.Finished:
                    FinalCount = e.Cell;
                    break;
            }

            if (e.Kind == EventKind.CellFinished || Environment.TickCount64 - _saved > SaveInterval.TotalMilliseconds)
                Save();
        }
    }

    /// <summary>Adds text of native code or of a child process.</summary>
    /// <param name="index">The index of the cell among those to run.</param>
    /// <param name="stream">"stdout" or "stderr".</param>
    /// <param name="text">The text.</param>
    public void AddNative(int index, string stream, string text)
    {
        lock (_gate)
        {
            if (index <= _lastIndex)
                AddNative(stream, text, Plan.ToRun[index]);
            else
                _early.Add((index, stream, text));
        }
    }

    /// <summary>Adds an error to the running cell, or the last one, if it has none yet.</summary>
    public void Fail(Output.Error error)
    {
        lock (_gate)
        {
            if ((Running ?? Last) is { } cell && !HasFailed)
                Fail(cell, error);
        }
    }

    /// <summary>Adds what was written after the last cell that was run to that cell.</summary>
    public void EndNative()
    {
        lock (_gate)
            TakeEarly(int.MaxValue);
    }

    public void Save()
    {
        lock (_gate)
        {
            foreach (var outputs in _outputs.Values)
                outputs.Flush();
            _notebook.Write(Path);
            _saved = Environment.TickCount64;
        }
    }

    private void Begin(PlannedCell cell)
    {
        (Running, Last, HasFailed, _nativeErrors) = (cell, cell, false, "");
        cell.Cell.ExecutionCount = cell.Number;
        TakeEarly(++_lastIndex);
    }

    // The streams of native text are read independently of the events, and may be ahead of them.
    private void TakeEarly(int index)
    {
        foreach (var (_, stream, text) in _early.Where(e => e.Index <= index))
            AddNative(stream, text, Last);
        _early.RemoveAll(e => e.Index <= index);
    }

    private void AddNative(string stream, string text, PlannedCell? cell)
    {
        if (cell is not null)
            _outputs[cell.Number].Write(stream, text);
        if (stream == "stderr")
            _nativeErrors = Tail(_nativeErrors + text);
    }

    private void Fail(PlannedCell cell, Output.Error error)
    {
        _outputs[cell.Number].Fail(error);
        HasFailed = true;
    }

    private static string Tail(string text) => text.Length > TailLength ? text[^TailLength..] : text;
}

using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Engine;

/// <summary>Collects the outputs of a running cell and passes them to a listener. Thread-safe.</summary>
internal sealed class CellOutputs(Cell cell, IOutputListener? listener = null)
{
    private readonly Lock _gate = new();

    // Console text not yet in an output: it is added when another output follows or the notebook is saved.
    private readonly ConsoleText _text = new();

    public int Add(IReadOnlyDictionary<string, string> mime, bool isResult)
    {
        int index;
        lock (_gate)
        {
            FlushText();
            index = cell.Outputs.Count;
            cell.Outputs.Add(new Output.Data(mime, isResult));
        }

        listener?.OnShown(index, mime, isResult);
        return index;
    }

    public void Replace(int index, IReadOnlyDictionary<string, string> mime)
    {
        lock (_gate)
            cell.Outputs[index] = new Output.Data(mime, IsResult: false);
        listener?.OnReplaced(index, mime);
    }

    /// <summary>Adds console text. Consecutive text of the same stream is joined, as in Jupyter.</summary>
    public void Write(string stream, string text)
    {
        lock (_gate)
            _text.Add(stream, text);
        listener?.OnText(stream, text);
    }

    public void Fail(ScriptException problem)
    {
        Fail(new Output.Error(problem.Kind, problem.Message, problem.Trace));
        listener?.OnFailed(problem);
    }

    /// <summary>Adds an error of which no listener need hear.</summary>
    public void Fail(Output.Error error)
    {
        lock (_gate)
        {
            FlushText();
            cell.Outputs.Add(error);
        }
    }

    /// <summary>Adds the console text that has been collected, so that the cell is complete.</summary>
    public void Flush()
    {
        lock (_gate)
            FlushText();
    }

    private void FlushText()
    {
        foreach (var (stream, text) in _text.Take())
        {
            if (cell.Outputs.LastOrDefault() is Output.Stream last && last.Name == stream)
                cell.Outputs[^1] = last with { Text = last.Text + text };
            else
                cell.Outputs.Add(new Output.Stream(stream, text));
        }
    }
}

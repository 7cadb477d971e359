using System.Text;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Engine;

/// <summary>Collects what a running cell shows, and tells a listener; called from any thread.</summary>
internal sealed class CellOutputs(Cell cell, IOutputListener? listener = null)
{
    private readonly Lock _gate = new();

    // Text that goes on: the last output's, put there when something else follows or the notebook is saved.
    private readonly StringBuilder _text = new();
    private string _stream = "";

    public int Add(IReadOnlyDictionary<string, string> mime, bool isResult)
    {
        int index;
        lock (_gate)
        {
            Settle();
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

    /// <summary>Console text; joined with what the same stream wrote just before, as Jupyter does.</summary>
    public void Write(string stream, string text)
    {
        lock (_gate)
        {
            if (stream != _stream)
                Settle();
            _stream = stream;
            _text.Append(text);
        }

        listener?.OnText(stream, text);
    }

    public void Fail(ScriptException problem)
    {
        lock (_gate)
        {
            Settle();
            cell.Outputs.Add(new Output.Error(problem.Kind, problem.Message, problem.Trace));
        }

        listener?.OnFailed(problem);
    }

    /// <summary>Runs an action while no output changes: a notebook is saved whole.</summary>
    public void Still(Action action)
    {
        lock (_gate)
        {
            Settle();
            action();
        }
    }

    private void Settle()
    {
        if (_text.Length == 0)
            return;
        if (cell.Outputs.LastOrDefault() is Output.Stream last && last.Name == _stream)
            cell.Outputs[^1] = last with { Text = last.Text + _text };
        else
            cell.Outputs.Add(new Output.Stream(_stream, _text.ToString()));
        _text.Clear();
    }
}

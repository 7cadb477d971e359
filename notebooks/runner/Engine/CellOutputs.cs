using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Engine;

/// <summary>Collects what a running cell shows; called from any thread.</summary>
internal sealed class CellOutputs(Cell cell, Action<IReadOnlyDictionary<string, string>>? shown = null)
{
    private readonly Lock _gate = new();

    public int Add(IReadOnlyDictionary<string, string> mime, bool isResult)
    {
        int index;
        lock (_gate)
        {
            index = cell.Outputs.Count;
            cell.Outputs.Add(new Output.Data(mime, isResult));
        }

        shown?.Invoke(mime);
        return index;
    }

    public void Replace(int index, IReadOnlyDictionary<string, string> mime)
    {
        lock (_gate)
            cell.Outputs[index] = new Output.Data(mime, IsResult: false);
        shown?.Invoke(mime);
    }

    /// <summary>Console text; joined with what the same stream wrote just before, as Jupyter does.</summary>
    public void Write(string stream, string text)
    {
        lock (_gate)
        {
            if (cell.Outputs.LastOrDefault() is Output.Stream last && last.Name == stream)
                cell.Outputs[^1] = last with { Text = last.Text + text };
            else
                cell.Outputs.Add(new Output.Stream(stream, text));
        }
    }

    public void Fail(string kind, string message, IReadOnlyList<string> trace)
    {
        lock (_gate)
            cell.Outputs.Add(new Output.Error(kind, message, trace));
    }

    /// <summary>Runs an action while no output changes: a notebook is saved whole.</summary>
    public void Still(Action action)
    {
        lock (_gate)
            action();
    }
}

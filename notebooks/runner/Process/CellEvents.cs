using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Process;

/// <summary>Sends the outputs of one cell to the parent as they occur, also after the cell has ended: its tasks may still run.</summary>
internal sealed class CellEvents(EventWriter writer, int cell) : IOutputListener
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _halves = [];

    public void OnShown(int index, IReadOnlyDictionary<string, string> mime, bool isResult) =>
        writer.Send(new NotebookEvent(EventKind.Shown, cell, Index: index, Mime: mime, IsResult: isResult));

    public void OnReplaced(int index, IReadOnlyDictionary<string, string> mime) =>
        writer.Send(new NotebookEvent(EventKind.Replaced, cell, Index: index, Mime: mime));

    public void OnFailed(ScriptException problem) => writer.Send(
        new NotebookEvent(EventKind.Failed, cell, Error: new Output.Error(problem.Kind, problem.Message, problem.Trace)));

    // JSON has no half of a surrogate pair: the first half waits for the second.
    public void OnText(string stream, string text)
    {
        lock (_gate)
        {
            if (_halves.Remove(stream, out var half))
                text = half + text;
            if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
            {
                _halves[stream] = text[^1..];
                text = text[..^1];
            }

            if (text.Length > 0)
                writer.Send(new NotebookEvent(EventKind.Text, cell, text, stream));
        }
    }
}

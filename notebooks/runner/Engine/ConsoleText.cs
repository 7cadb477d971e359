using System.Text;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Console text that waits to be stored or sent, in the order in which it was written. Only in a flood that alternates between the streams
/// the order is kept by stream, so that there is not one output for each line. Not thread-safe.
/// </summary>
internal sealed class ConsoleText
{
    private const int MaxChanges = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly List<(string Stream, StringBuilder Text)> _parts = [];
    private long _begin;
    private int _changes;

    public void Add(string stream, string text)
    {
        if (text.Length > 0)
            Part(stream).Append(text);
    }

    /// <summary>Removes the text and returns it, with the streams.</summary>
    public IReadOnlyList<(string Stream, string Text)> Take()
    {
        (string, string)[] taken = [.. _parts.Select(p => (p.Stream, p.Text.ToString()))];
        _parts.Clear();
        return taken;
    }

    private StringBuilder Part(string stream)
    {
        var last = _parts.FindLastIndex(p => p.Stream == stream);
        if (last < 0 || (last < _parts.Count - 1 && CountChange() <= MaxChanges))
        {
            _parts.Add((stream, new StringBuilder()));
            last = _parts.Count - 1;
        }

        return _parts[last].Text;
    }

    private int CountChange()
    {
        var now = Environment.TickCount64;
        if (now - _begin >= Interval.TotalMilliseconds)
            (_begin, _changes) = (now, 0);
        return ++_changes;
    }
}

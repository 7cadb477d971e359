using System.Text;

namespace DeviceId.Notebooks.Terminal;

/// <summary>Console text in lines: text after a carriage return replaces the line, as a program that shows its progress intends.</summary>
internal sealed class ConsoleLines
{
    private readonly StringBuilder _line = new();
    private bool _isReturned;

    /// <summary>The line that is not ended yet, in its present state.</summary>
    public string Current => _line.ToString();

    /// <summary>Adds text.</summary>
    /// <param name="text">The text, which may begin and end anywhere in a line.</param>
    /// <param name="finished">Receives the lines that are ended, with their ends.</param>
    public void Append(string text, StringBuilder finished)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny('\r', '\n') is var found and >= 0 ? start + found : text.Length;
            Add(text.AsSpan(start, end - start));
            if (end < text.Length && text[end] == '\n')
                End(finished);
            else if (end < text.Length)
                _isReturned = true;
            start = end + 1;
        }
    }

    /// <summary>Ends the present line, if there is one.</summary>
    public void EndLine(StringBuilder finished)
    {
        if (_line.Length > 0)
            End(finished);
    }

    private void Add(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        if (_isReturned)
            _line.Clear();
        _isReturned = false;
        _line.Append(text);
    }

    private void End(StringBuilder finished)
    {
        finished.Append(_line).Append('\n');
        _line.Clear();
        _isReturned = false;
    }
}

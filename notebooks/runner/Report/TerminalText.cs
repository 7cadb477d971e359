using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DeviceId.Notebooks.Report;

/// <summary>
/// Renders console text as HTML as a terminal shows it: carriage returns and backspaces overwrite the line, escape sequences set colours,
/// move within the line or erase it. Sequences with another effect, such as those for other lines and window titles, are left out.
/// </summary>
internal sealed partial class TerminalText
{
    // No real line is longer; a sequence that moves to column 1,000,000,000 must not fill the memory.
    private const int MaxColumn = 10_000;

    private readonly StringBuilder _html = new();
    private readonly List<(Rune Character, AnsiStyle Style)> _line = [];
    private AnsiStyle _style;
    private int _column;

    /// <param name="text">Console text of one or more lines.</param>
    public static string ToHtml(string text)
    {
        var terminal = new TerminalText();
        for (var start = 0; start < text.Length;)
        {
            var found = text.IndexOf('\n', start);
            var end = found < 0 ? text.Length : found;
            terminal.AddLine(text[start..end]);
            if (found >= 0)
                terminal._html.Append('\n');
            start = end + 1;
        }

        return terminal._html.ToString();
    }

    private void AddLine(string line)
    {
        if (_style == default && line.AsSpan().IndexOfAny('\r', '\b', '\e') < 0)
        {
            _html.Append(HtmlText.Encode(line));
            return;
        }

        _line.Clear();
        _column = 0;
        for (var at = 0; at < line.Length;)
            at += Read(line, at);
        AppendRuns();
    }

    /// <summary>Processes the character or sequence at a position and returns its length.</summary>
    private int Read(string line, int at)
    {
        switch (line[at])
        {
            case '\r':
                _column = 0;
                return 1;
            case '\b':
                _column = Math.Max(0, _column - 1);
                return 1;
            case '\e' when Sequence().Match(line, at) is { Success: true } sequence:
                Apply(sequence.Groups[1].Value, sequence.Groups[2].Value);
                return sequence.Length;
        }

        // Half of a surrogate pair becomes U+FFFD, one UTF-16 unit long.
        Rune.DecodeFromUtf16(line.AsSpan(at), out var character, out var length);
        Put(character);
        return length;
    }

    private void Apply(string parameters, string command)
    {
        var first = int.TryParse(parameters.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var distance = Math.Clamp(first, 1, MaxColumn);
        switch (command)
        {
            case "m":
                _style = _style.With(parameters);
                break;
            case "K":
                Erase(first);
                break;
            case "C":
                _column = Math.Max(_column, Math.Min(_column + distance, MaxColumn));
                break;
            case "D":
                _column = Math.Max(0, _column - distance);
                break;
            case "G":
                _column = distance - 1;
                break;
        }
    }

    // 0 erases from the cursor to the end, 1 from the start to the cursor, 2 all.
    private void Erase(int part)
    {
        if (part == 0 && _column < _line.Count)
            _line.RemoveRange(_column, _line.Count - _column);
        else if (part == 2)
            _line.Clear();
        for (var i = 0; part == 1 && i <= _column && i < _line.Count; i++)
            _line[i] = (new Rune(' '), default);
    }

    private void Put(Rune character)
    {
        while (_line.Count < _column)
            _line.Add((new Rune(' '), default));
        if (_column == _line.Count)
            _line.Add((character, _style));
        else
            _line[_column] = (character, _style);
        _column++;
    }

    private void AppendRuns()
    {
        var run = new StringBuilder();
        for (var i = 0; i < _line.Count; i++)
        {
            run.Append(_line[i].Character);
            if (i + 1 < _line.Count && _line[i + 1].Style == _line[i].Style)
                continue;
            var (text, css) = (HtmlText.Encode(run.ToString()), _line[i].Style.ToCss());
            _html.Append(css.Length == 0 ? text : $"<span style=\"{css}\">{text}</span>");
            run.Clear();
        }
    }

    // A control sequence with its parameters and its command; a string for the terminal, such as a title or a link; a short sequence.
    [GeneratedRegex(@"\G\e(?:\[([0-?]*)[ -/]*([@-~])|[\]PX^_][^\a\e]*(?:\a|\e\\)?|[ -/]*[0-~])")]
    private static partial Regex Sequence();
}

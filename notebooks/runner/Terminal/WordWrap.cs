using System.Text;
using System.Text.RegularExpressions;

namespace DeviceId.Notebooks.Terminal;

/// <summary>Breaks lines at spaces where a terminal would break words. A word longer than the line, such as a path, stays whole.</summary>
internal static partial class WordWrap
{
    private const int UsualWidth = 80;

    /// <summary>Columns of the terminal that standard output goes to; null for a file or program, which gets whole lines.</summary>
    public static int? TerminalWidth =>
        Console.IsOutputRedirected ? null : Console.WindowWidth is var width and > 0 ? width : UsualWidth;

    /// <summary>The lines of a text, broken; the rest of a broken line is indented as the line is.</summary>
    /// <param name="text">One or more lines.</param>
    /// <param name="width">Columns; null leaves the lines as they are.</param>
    /// <param name="hanging">Further indentation of the rest of a broken line.</param>
    public static IEnumerable<string> Lines(string text, int? width, int hanging = 0) =>
        text.Split('\n').SelectMany(line => width is { } columns && Length(line) > columns ? Break(line, columns, hanging) : [line]);

    /// <summary>The text with line ends between <see cref="Lines"/>.</summary>
    public static string Wrap(string text, int? width, int hanging = 0) => string.Join('\n', Lines(text, width, hanging));

    /// <summary>The beginning of a text, cut at a space with an ellipsis if it is longer than a number of columns.</summary>
    public static string Shorten(string text, int width)
    {
        if (text.Length <= width)
            return text;
        var end = text.LastIndexOf(' ', Math.Clamp(width - 1, 0, text.Length - 1));
        return end > 0 ? text[..end].TrimEnd(' ', ',', ':') + "…" : "";
    }

    /// <summary>Columns that a line takes: control sequences take none.</summary>
    private static int Length(string line) => line.Contains('\e') ? Sequence().Replace(line, "").Length : line.Length;

    private static IEnumerable<string> Break(string line, int width, int hanging)
    {
        var indent = new string(' ', Math.Min(line.Length - line.TrimStart(' ').Length + hanging, width / 2));
        var current = new StringBuilder();
        foreach (var part in Words().Matches(line).Select(word => word.Value))
        {
            if (current.Length > 0 && Length(current + part) > width)
            {
                yield return current.ToString();
                current.Clear().Append(indent).Append(part.TrimStart(' '));
            }
            else
                current.Append(part);
        }

        yield return current.ToString();
    }

    // A word with the spaces before it; the indentation belongs to the first word.
    [GeneratedRegex(" *[^ ]+| +$")]
    private static partial Regex Words();

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Sequence();
}

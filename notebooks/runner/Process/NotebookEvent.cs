using System.Text.Json;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// What the process that executes a notebook tells the one that started it: one JSON object a line on its standard output.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="Cell">The code cell concerned, counted from 1.</param>
/// <param name="Cells">Code cells in the notebook.</param>
/// <param name="Text">Console text, an error, or what a progress display says.</param>
/// <param name="Fraction">Progress of the cell itself, 0 to 1.</param>
/// <param name="PeakBytes">The process's peak memory so far.</param>
internal sealed record NotebookEvent(
    EventKind Kind, int Cell = 0, int Cells = 0, string? Text = null, double? Fraction = null, long PeakBytes = 0)
{
    // A native library may write to the same pipe: what does not start with this control character is its text.
    private const char Mark = '\u001e';

    public string ToLine() => Mark + JsonSerializer.Serialize(this);

    /// <summary>The event, or a text event for a line that is none.</summary>
    public static NotebookEvent FromLine(string line) =>
        line.StartsWith(Mark) ? JsonSerializer.Deserialize<NotebookEvent>(line.AsSpan(1))!
            : new NotebookEvent(EventKind.Text, Text: line + "\n");
}

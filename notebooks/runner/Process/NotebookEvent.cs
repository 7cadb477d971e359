using System.Text.Json;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// An event that the process executing a notebook sends to its parent: one JSON object per line on standard output.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="Cell">The code cell, counted from 1.</param>
/// <param name="Cells">The number of code cells of the notebook.</param>
/// <param name="Text">Console text, an error, or the text of a progress display.</param>
/// <param name="Fraction">Progress of the cell itself, 0 to 1.</param>
/// <param name="PeakBytes">The process's peak memory so far.</param>
internal sealed record NotebookEvent(
    EventKind Kind, int Cell = 0, int Cells = 0, string? Text = null, double? Fraction = null, long PeakBytes = 0)
{
    // A native library may write to the same pipe: a line without this control character is such text.
    private const char Mark = '\u001e';

    public string ToLine() => Mark + JsonSerializer.Serialize(this);

    /// <summary>Parses a line; a line that is not an event becomes a text event.</summary>
    public static NotebookEvent FromLine(string line) =>
        line.StartsWith(Mark) ? JsonSerializer.Deserialize<NotebookEvent>(line.AsSpan(1))!
            : new NotebookEvent(EventKind.Text, Text: line + "\n");
}

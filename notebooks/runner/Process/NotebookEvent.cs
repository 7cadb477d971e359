using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Process;

/// <summary>
/// An event that the process executing a notebook sends to its parent: one JSON object per line, through a pipe of its own.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="Cell">
/// The number of the code cell; for <see cref="EventKind.Finished"/> the number of cells that ended as they should.
/// </param>
/// <param name="Text">Console text.</param>
/// <param name="Stream">The stream of the text: "stdout" or "stderr".</param>
/// <param name="Index">Identifies a shown value of the cell when it is replaced.</param>
/// <param name="Mime">The shown value.</param>
/// <param name="IsResult">Whether the shown value is that of the cell's last expression.</param>
/// <param name="Error">The error.</param>
/// <param name="PeakBytes">The process's peak memory so far; 0 if it was not measured.</param>
internal sealed record NotebookEvent(
    EventKind Kind,
    int Cell = 0,
    string? Text = null,
    string? Stream = null,
    int Index = 0,
    IReadOnlyDictionary<string, string>? Mime = null,
    bool IsResult = false,
    Output.Error? Error = null,
    long PeakBytes = 0)
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The event as a line, its end included.</summary>
    public byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Compact), (byte)'\n'];

    /// <exception cref="JsonException">The line is not an event: the process ended while it was being written.</exception>
    public static NotebookEvent FromLine(string line) =>
        JsonSerializer.Deserialize<NotebookEvent>(line, Compact) ?? throw new JsonException("the event is null");
}

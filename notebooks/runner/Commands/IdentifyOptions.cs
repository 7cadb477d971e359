namespace DeviceId.Notebooks.Commands;

/// <summary>What <c>identify</c> asks for.</summary>
/// <param name="Model">Full path of the model.</param>
/// <param name="Files">Recordings and folders, as they were written.</param>
/// <param name="Asked">The device that the question is about; null for the first candidate.</param>
/// <param name="FalseAlarms">The share of recordings of unknown devices that may be named.</param>
/// <param name="Report">Folder for pages, or null.</param>
/// <param name="Json">File for JSON, or null.</param>
/// <param name="Csv">File for CSV, or null.</param>
/// <param name="Device">Compute device.</param>
internal sealed record IdentifyOptions(
    string Model, IReadOnlyList<string> Files, string? Asked, double FalseAlarms, string? Report, string? Json, string? Csv, string Device);

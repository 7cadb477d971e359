namespace DeviceId.Notebooks.Commands;

/// <summary>Options of <c>identify</c>.</summary>
/// <param name="Model">Full path of the model.</param>
/// <param name="Files">Recordings and folders, as given on the command line.</param>
/// <param name="Asked">The device in question, for the likelihood ratio; null for the first candidate.</param>
/// <param name="FalseAlarms">Accepted rate of false alarms, 0 to 1: recordings of unknown devices that are named.</param>
/// <param name="Report">Folder for pages, or null.</param>
/// <param name="Json">File for JSON, or null.</param>
/// <param name="Csv">File for CSV, or null.</param>
/// <param name="Device">Compute device.</param>
internal sealed record IdentifyOptions(
    string Model, IReadOnlyList<string> Files, string? Asked, double FalseAlarms, string? Report, string? Json, string? Csv, string Device);

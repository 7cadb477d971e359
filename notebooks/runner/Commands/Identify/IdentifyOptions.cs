namespace DeviceId.Notebooks.Commands;

/// <summary>Options of <c>identify</c>.</summary>
/// <param name="Model">Full path of the model.</param>
/// <param name="Files">Recordings and folders, as given on the command line; "-" for standard input.</param>
/// <param name="Channel">"speech", "mean", "each", or the number of a channel from 1.</param>
/// <param name="Asked">The device in question, for the likelihood ratio; null for the first candidate.</param>
/// <param name="FalseAlarms">Accepted rate of false alarms, 0 to 1: recordings of unknown devices that are named.</param>
/// <param name="Report">Folder for pages, or null.</param>
/// <param name="Json">File for JSON, or null.</param>
/// <param name="Csv">File for CSV, or null.</param>
/// <param name="Force">Whether files that this program did not write may be overwritten.</param>
/// <param name="Device">Compute device.</param>
internal sealed record IdentifyOptions(
    string Model, IReadOnlyList<string> Files, string Channel, string? Asked, double FalseAlarms, string? Report, string? Json,
    string? Csv, bool Force, string Device);

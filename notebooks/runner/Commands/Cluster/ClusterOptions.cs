namespace DeviceId.Notebooks.Commands;

/// <summary>Options of <c>cluster</c>.</summary>
/// <param name="Folder">Full path of the folder of recordings.</param>
/// <param name="Sessions">The number of sessions; null to estimate it.</param>
/// <param name="By">"spectrum", "supervector", "deep" or "facts".</param>
/// <param name="Labels">"folders" or "names"; null without labels.</param>
/// <param name="Json">File for JSON, or null.</param>
/// <param name="Csv">File for CSV, or null.</param>
/// <param name="Force">Whether files that this program did not write may be overwritten.</param>
/// <param name="Device">Compute device.</param>
internal sealed record ClusterOptions(
    string Folder, int? Sessions, string By, string? Labels, string? Json, string? Csv, bool Force, string Device);

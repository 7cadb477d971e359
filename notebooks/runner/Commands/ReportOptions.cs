namespace DeviceId.Notebooks.Commands;

/// <summary>Options of <c>report</c>.</summary>
/// <param name="Profile">Name of the profile whose results are reported.</param>
/// <param name="Results">Folder of results; those that come with the repository are read too.</param>
/// <param name="Output">Folder for the tables and report.html.</param>
/// <param name="Readme">Whether the results in README.md and docs/results.md are rewritten.</param>
internal sealed record ReportOptions(string Profile, string Results, string Output, bool Readme);

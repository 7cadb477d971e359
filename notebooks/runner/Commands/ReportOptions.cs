namespace DeviceId.Notebooks.Commands;

/// <summary>What <c>report</c> asks for, as it was written.</summary>
/// <param name="Profile">Name of the profile whose results are put together.</param>
/// <param name="Results">Folder of results; those that come with the repository are read too.</param>
/// <param name="Output">Folder for the tables and report.html.</param>
/// <param name="Readme">Whether the README's results are written anew.</param>
internal sealed record ReportOptions(string Profile, string Results, string Output, bool Readme);

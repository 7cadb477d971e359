using System.CommandLine;

namespace DeviceId.Notebooks.Commands;

/// <summary>"report": tables and HTML from stored results.</summary>
internal static class ReportCommand
{
    private static readonly Option<bool> Readme = new("--readme")
    {
        Description = "Rewrites the results in README.md and docs/results.md.",
    };
    private static readonly Option<string?> Out = new Option<string?>("--out")
    {
        Description = "Folder for the tables and report.html. Default: results/report.",
        HelpName = "DIR",
    }.NotEmpty();

    private static readonly Option<string?> Export = new Option<string?>("--export")
    {
        Description = "File for all stored trials as one table (CSV), a row for each output of a trial; data/README.md explains it.",
        HelpName = "FILE",
    }.NotEmpty();

    public static Command Create()
    {
        var report = new Command("report", "Rebuilds all tables and the HTML report from stored results alone.");
        foreach (var option in new Option[] { SharedOptions.Profile, SharedOptions.Results, Out, Readme, Export, SharedOptions.Force })
            report.Options.Add(option);
        report.SetAction(parsed =>
        {
            LibraryLoader.Enable();
            return CommandLine.RunCommand(() => Start(parsed));
        });
        return report;
    }

    private static int Start(ParseResult parsed) => ReportRun.Start(new ReportOptions(
        parsed.GetValue(SharedOptions.Profile) ?? "standard", SharedOptions.ResultsFolder(parsed),
        Path.GetFullPath(parsed.GetValue(Out) ?? Path.Combine(Repository.Root, "results", "report")), parsed.GetValue(Readme),
        parsed.GetValue(Export) is { } export ? Path.GetFullPath(export) : null, parsed.GetValue(SharedOptions.Force)));
}

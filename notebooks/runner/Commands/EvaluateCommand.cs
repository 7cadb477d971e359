using System.CommandLine;

namespace DeviceId.Notebooks.Commands;

/// <summary>"evaluate": measures how reliable a model of these recordings would be.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> Recordings = new Option<string>("--recordings")
    {
        Description = "The recordings: a folder with one folder per device, a CSV table, or CCNU-Mobile.",
        HelpName = "PATH", Required = true
    }.NotEmpty();

    private static readonly Option<int> Sentences = new("--sentences")
    {
        Description = "How many sentences or sessions are held out in turn. Default: as the profile says.",
        HelpName = "N"
    };

    public static Command Create()
    {
        var evaluate = new Command("evaluate",
            "Trains models without a sentence and without some devices, and tests them with the held-out recordings: "
            + "calibration, 'none of these', likelihood ratios, splices, warnings.");
        foreach (var option in new Option[] { Recordings, Sentences, SharedOptions.Profile, SharedOptions.Results, SharedOptions.Device })
            evaluate.Options.Add(option);
        evaluate.SetAction(parsed =>
        {
            LibraryLoader.Enable();
            return CommandLine.RunCommand(() => Start(parsed));
        });
        return evaluate;
    }

    private static int Start(ParseResult parsed) => EvaluateRun.Start(
        Path.GetFullPath(parsed.GetValue(Recordings)!),
        parsed.GetValue(SharedOptions.Profile) ?? "standard",
        parsed.GetValue(Sentences),
        SharedOptions.ResultsFolder(parsed),
        parsed.GetValue(SharedOptions.Device) ?? "auto");
}

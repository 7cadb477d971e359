using System.CommandLine;
using System.Globalization;

namespace DeviceId.Notebooks.Commands;

/// <summary>"cluster": how many phone sessions made these recordings?</summary>
internal static class ClusterCommand
{
    private static readonly Argument<string> Folder = new("DIR")
    {
        Description = "The recordings, in a folder and its subfolders. Names do not matter.",
        Arity = ArgumentArity.ExactlyOne,
    };

    private static readonly Option<int?> Sessions = new("--k")
    {
        Description = "The number of sessions, if it is known. Default: estimated by the largest eigengap, at most half the recordings.",
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
                return number;
            result.AddError($"--k: '{result.Tokens[0].Value}' is not a number from 1.");
            return null;
        },
    };

    private static readonly Option<string?> By = CreateChoice(
        "--by", "What a recording is represented by: spectrum (default), supervector, deep (supervector of an auto-encoder's bottleneck), "
            + "facts (file facts alone, the baseline).",
        "spectrum", "supervector", "deep", "facts");

    private static readonly Option<string?> Labels = CreateChoice(
        "--labels", "Compares with known labels, which are not used otherwise: folders (the first subfolder), or names (the file name up "
            + "to its last '_').",
        "folders", "names");

    private static readonly Option<string?> JsonFile = new Option<string?>("--json")
    {
        Description = "File for the result, as JSON (docs/cluster-json.md).",
        HelpName = "FILE",
    }.NotEmpty();

    private static readonly Option<string?> CsvFile = new Option<string?>("--csv")
    {
        Description = "File with one line per recording, as CSV.",
        HelpName = "FILE",
    }.NotEmpty();

    public static Command Create()
    {
        var cluster = new Command("cluster",
            "Estimates how many phone sessions made unlabelled recordings, and which recordings belong together.");
        cluster.Arguments.Add(Folder);
        foreach (var option in new Option[] { Sessions, By, Labels, JsonFile, CsvFile, SharedOptions.Force, SharedOptions.Device })
            cluster.Options.Add(option);
        cluster.SetAction(parsed =>
        {
            LibraryLoader.Enable();
            return CommandLine.RunCommand(() => Start(parsed));
        });
        return cluster;
    }

    private static int Start(ParseResult parsed) => ClusterRun.Start(new ClusterOptions(
        Path.GetFullPath(parsed.GetValue(Folder)!),
        parsed.GetValue(Sessions),
        parsed.GetValue(By) ?? "spectrum",
        parsed.GetValue(Labels),
        FullPath(parsed.GetValue(JsonFile)),
        FullPath(parsed.GetValue(CsvFile)),
        parsed.GetValue(SharedOptions.Force),
        parsed.GetValue(SharedOptions.Device) ?? "cpu"));

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);

    private static Option<string?> CreateChoice(string name, string description, params string[] values)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "NAME" };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}

using System.CommandLine;

namespace DeviceId.Notebooks.Commands;

/// <summary>"train": trains a model of the user's own devices.</summary>
internal static class TrainCommand
{
    private static readonly Option<string> Recordings = new Option<string>("--recordings")
    {
        Description = "The reference recordings: a folder with one folder per device, or a CSV table with the columns "
            + "file,device[,speaker,session].",
        HelpName = "PATH", Required = true,
    }.NotEmpty();

    private static readonly Option<int> Folds = new("--folds")
    {
        Description = "Folds of the cross-validation that calibrates the model. Default: 3.",
        HelpName = "N"
    };

    private static readonly Option<bool> CheckOnly = new("--check-only") { Description = "Checks the recordings and stops." };

    private static readonly Option<bool> KeepEmpty = new("--keep-empty")
    {
        Description = "Trains with recordings that are practically empty, too; they are left out otherwise.",
    };

    public static Command Create()
    {
        var train = new Command("train", "Checks the recordings and trains a model of your own devices.");
        foreach (var option in new Option[] { Recordings, SharedOptions.Model, Folds, CheckOnly, KeepEmpty, SharedOptions.Force,
            SharedOptions.Log, SharedOptions.Profile, SharedOptions.Device })
            train.Options.Add(option);
        train.SetAction(parsed =>
        {
            LibraryLoader.Enable();
            return CommandLine.RunCommand(() => Start(parsed));
        });
        return train;
    }

    private static int Start(ParseResult parsed) => TrainRun.Start(new TrainOptions(
        Path.GetFullPath(parsed.GetValue(Recordings)!),
        Path.GetFullPath(parsed.GetValue(SharedOptions.Model) ?? "phones.model"),
        parsed.GetValue(SharedOptions.Profile) ?? "standard",
        parsed.GetValue(SharedOptions.Device) ?? "auto",
        parsed.GetValue(Folds),
        parsed.GetValue(CheckOnly),
        parsed.GetValue(KeepEmpty),
        parsed.GetValue(SharedOptions.Force),
        SharedOptions.LogFolder(parsed)));
}

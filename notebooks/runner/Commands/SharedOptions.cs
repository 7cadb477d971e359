using System.CommandLine;
using System.Runtime.CompilerServices;
using DeviceId.Corpora;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Commands;

/// <summary>Options that mean the same in several commands.</summary>
internal static class SharedOptions
{
    public static readonly Option<string?> Data = new(
        "--data")
    {
        Description = "Folder of real recordings. Default: data/ccnu-mobile where it holds some, else the simulated corpus.",
        HelpName = "DIR"
    };
    public static readonly Option<string?> Profile = CreateProfile();
    public static readonly Option<string?> Device = new(
        "--device")
    {
        Description = "Compute device: cpu, cuda or cuda:N. Never changes an experiment, only its speed.",
        HelpName = "NAME"
    };
    public static readonly Option<string?> Model = new("--model")
    {
        Description = "The model's file. Default: phones.model in this folder.",
        HelpName = "FILE"
    };
    public static readonly Option<string?> Out = new(
        "--out")
    { Description = "Folder for the executed notebooks and report.html. Default: results/latest.", HelpName = "DIR" };
    public static readonly Option<string?> Results = new(
        "--results")
    { Description = "Folder of the stored results of trials. Default: data/trials.", HelpName = "DIR" };

    /// <summary>Full path of the recordings; null where none are named and none lie in the usual place.</summary>
    /// <exception cref="NotebookException">There is no such folder.</exception>
    public static string? DataFolder(ParseResult parsed)
    {
        if (parsed.GetValue(Data) is not { } asked)
            return Path.Combine(Repository.Root, "data", "ccnu-mobile") is var usual && HoldsRecordings(usual) ? usual : null;
        var folder = Path.GetFullPath(asked);
        return Directory.Exists(folder) ? folder : throw new NotebookException($"--data: there is no folder '{folder}'.");
    }

    /// <summary>Full path of the folder of stored results.</summary>
    public static string ResultsFolder(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(Results) ?? Repository.Trials);

    /// <summary>An empty folder is as none; without the library's build nothing can be said, and doctor says that it is missing.</summary>
    private static bool HoldsRecordings(string folder)
    {
        try
        {
            LibraryLoader.Enable();
            return Asked(folder);
        }
        catch (FileNotFoundException)
        {
            return Directory.Exists(folder);
        }
    }

    /// <summary>A method of its own: the library is loaded when it is compiled.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Asked(string folder) => AudioFolder.HoldsAudio(folder);

    private static Option<string?> CreateProfile()
    {
        var option = new Option<string?>(
            "--profile")
        { Description = "Size of the run: smoke (seconds, for tests), quick (minutes), standard (every held-out sentence), paper (the full corpus)." };
        option.AcceptOnlyFromAmong("smoke", "quick", "standard", "paper");
        return option;
    }
}

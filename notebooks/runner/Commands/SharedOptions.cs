using System.CommandLine;
using System.Runtime.CompilerServices;
using DeviceId.Corpora;
using DeviceId.Notebooks.Format;

namespace DeviceId.Notebooks.Commands;

/// <summary>Options that several commands share.</summary>
internal static class SharedOptions
{
    public static readonly Option<string?> Data = new Option<string?>("--data")
    {
        Description = "Folder of real recordings. Default: data/ccnu-mobile if it holds any, else the simulated corpus.",
        HelpName = "DIR"
    }.NotEmpty();

    public static readonly Option<string?> Profile = CreateProfile();
    public static readonly Option<string?> Device = new("--device")
    {
        Description = "Compute device: cpu, cuda or cuda:N. It changes the speed of an experiment, never its settings.",
        HelpName = "NAME"
    };

    public static readonly Option<string?> Model = new Option<string?>("--model")
    {
        Description = "The model file. Default: phones.model in the current folder.",
        HelpName = "FILE"
    }.NotEmpty();

    public static readonly Option<bool> Force = new("--force")
    {
        Description = "Overwrites files that this program did not write; never a recording, a model in use, or another output.",
    };

    public static readonly Option<string?> Log = new Option<string?>("--log")
    {
        Description = "Folder for event files of the trainings, one run for each training: tensorboard --logdir DIR shows them.",
        HelpName = "DIR",
    }.NotEmpty();

    public static readonly Option<string?> Out = new Option<string?>("--out")
    {
        Description = "Folder for the executed notebooks and report.html. Default: results/latest.",
        HelpName = "DIR",
    }.NotEmpty();

    public static readonly Option<string?> Results = new Option<string?>("--results")
    {
        Description = "Folder of the stored results of trials. Default: data/trials.",
        HelpName = "DIR",
    }.NotEmpty();

    /// <summary>Refuses an empty name: --data "" is more often a variable without a value than a wish for the default.</summary>
    public static Option<T> NotEmpty<T>(this Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError($"{option.Name}: the name is empty. Give a name, or leave {option.Name} out.");
        });
        return option;
    }

    /// <summary>Full path of the recordings; null if none are named and data/ccnu-mobile holds none.</summary>
    /// <exception cref="NotebookException">There is no such folder.</exception>
    public static string? DataFolder(ParseResult parsed)
    {
        if (parsed.GetValue(Data) is not { } named)
        {
            var usual = Path.Combine(Repository.Root, "data", "ccnu-mobile");
            return HoldsRecordings(usual) ? usual : null;
        }

        var folder = Path.GetFullPath(named);
        return Directory.Exists(folder) ? folder : throw new NotebookException($"--data: there is no folder '{folder}'.");
    }

    /// <summary>Full path of the folder of stored results.</summary>
    public static string ResultsFolder(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(Results) ?? Repository.Trials);

    /// <summary>Full path of the folder of <c>--log</c>; null for none.</summary>
    /// <exception cref="NotebookException">It cannot be written to.</exception>
    public static string? LogFolder(ParseResult parsed)
    {
        if (parsed.GetValue(Log) is not { } named)
            return null;
        var folder = Path.GetFullPath(named);
        WritableFile.Require("--log", Path.Combine(folder, "events"));
        return folder;
    }

    /// <summary>
    /// Whether a folder holds recordings. Without a build of the library only the folder is checked; doctor reports the missing build.
    /// </summary>
    private static bool HoldsRecordings(string folder)
    {
        try
        {
            LibraryLoader.Enable();
            return HoldsAudio(folder);
        }
        catch (FileNotFoundException)
        {
            return Directory.Exists(folder);
        }
    }

    /// <summary>A separate method, because the library is loaded when the method is compiled.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HoldsAudio(string folder) => AudioFolder.HoldsAudio(folder);

    private static Option<string?> CreateProfile()
    {
        var option = new Option<string?>("--profile")
        {
            Description = "Size of the run: smoke (seconds, for tests), quick (minutes), standard (every held-out sentence), "
                + "paper (the full corpus). With the ending -without-file-facts: recordings of equal level, without DC offset, with "
                + "common dither.",
            HelpName = "SIZE",
        };
        string[] sizes = ["smoke", "quick", "standard", "paper"];
        option.AcceptOnlyFromAmong([.. sizes, .. sizes.Select(size => size + "-without-file-facts")]);
        return option;
    }
}

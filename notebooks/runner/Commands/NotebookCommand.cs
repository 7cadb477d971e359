using System.CommandLine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Publishing;
using DeviceId.Notebooks.Referee;

namespace DeviceId.Notebooks.Commands;

/// <summary>The default command: runs notebooks, prints tables, writes the report.</summary>
internal static class NotebookCommand
{
    private static readonly Argument<string[]> Names = CreateNames();
    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "Overrides a value of the cell tagged 'parameters', for example --set epochs=5. Repeatable.",
        HelpName = "NAME=VALUE", Arity = ArgumentArity.ZeroOrMore
    };

    private static readonly Option<string?> Engine = CreateEngine();

    private static readonly Option<bool> Publish = new("--publish")
    {
        Description = "Runs notebooks of this repository on data/ccnu-mobile (size: standard) and writes their outputs into them, with "
            + "pictures in place of scripts and without sound.",
    };

    /// <summary>Adds the arguments to a command and makes this its action.</summary>
    public static void AddTo(Command command)
    {
        Add(command);
        command.SetAction((parsed, _) => StartAsync(parsed));
    }

    /// <summary>Adds the arguments only: "run" takes the same ones and has more options.</summary>
    public static void Add(Command command)
    {
        command.Arguments.Add(Names);
        Option[] options = [SharedOptions.Data, SharedOptions.Profile, SharedOptions.Device, Set, Engine, SharedOptions.Out, Publish];
        Array.ForEach(options, command.Options.Add);
    }

    /// <summary>Runs the notebooks that the command line names.</summary>
    public static Task<int> StartAsync(ParseResult parsed) => CommandLine.RunCommandAsync(
        () => parsed.GetValue(Publish) ? new PublishRun(Read(parsed)).RunAsync() : new NotebookRun(Read(parsed)).RunAsync());

    private static Argument<string[]> CreateNames()
    {
        var names = new Argument<string[]>("notebooks")
        {
            HelpName = "NOTEBOOK",
            Description = "Notebooks to run: files, or names in notebooks/ such as 00-start-here. Default: all, in order.",
            Arity = ArgumentArity.ZeroOrMore
        };
        names.Validators.Add(r =>
        {
            if (r.Tokens.FirstOrDefault(t => t.Value.StartsWith('-')) is { } unknown)
                r.AddError($"There is no option '{unknown.Value}'.");
        });
        return names;
    }

    private static Option<string?> CreateEngine()
    {
        var option = new Option<string?>("--engine")
        {
            Description = $"The engine that executes the cells: own (the default), or {InteractiveTool.Name}, the last release of "
                + ".NET Interactive, to compare the two.",
            HelpName = "NAME",
        };
        option.AcceptOnlyFromAmong("own", InteractiveTool.Name);
        return option;
    }

    private static RunOptions Read(ParseResult parsed)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (SharedOptions.DataFolder(parsed) is { } data)
            given["data"] = data;
        if (parsed.GetValue(SharedOptions.Profile) is { } profile)
            given["profile"] = profile;
        if (parsed.GetValue(SharedOptions.Device) is { } device)
            given["device"] = device;
        var output = parsed.GetValue(SharedOptions.Out) is { } folder
            ? Path.GetFullPath(folder) : Path.Combine(Repository.Root, "results", "latest");
        Option[] refused = parsed.GetValue(Publish) ? [SharedOptions.Data, Set, Engine] : [];
        if (Array.Find(refused, option => parsed.GetResult(option) is { Implicit: false }) is { } other)
            throw new NotebookException($"--publish takes no {other.Name}: every published notebook is made alike.");
        var set = Assignments(parsed.GetValue(Set) ?? []);
        return new RunOptions(Repository.Notebooks(parsed.GetValue(Names) ?? []), given, set, output,
            parsed.GetValue(Engine) == InteractiveTool.Name);
    }

    private static Dictionary<string, string> Assignments(string[] texts)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var (name, value) = text.IndexOf('=') is var at and > 0 ? (text[..at].Trim(), text[(at + 1)..].Trim())
                : throw new NotebookException($"--set {text}: write name=value, for example --set epochs=5.");
            values[name] = value;
        }

        return values;
    }
}

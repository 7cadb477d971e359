using System.CommandLine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;

namespace DeviceId.Notebooks;

/// <summary>The commands and options; everything that can be wrong with them becomes a sentence.</summary>
internal static class CommandLine
{
    private static readonly Argument<string[]> Names = new("notebooks") { Description = "Notebooks to run: files, or names in notebooks/ such as 00-start-here. Default: all, in order.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> Data = new("--data") { Description = "Folder of real recordings. Default: data/ccnu-mobile where it exists, else the simulated corpus.", HelpName = "DIR" };
    private static readonly Option<string?> Profile = new("--profile") { Description = "Size of the run: smoke (seconds, for tests), quick (minutes), standard (every held-out sentence), paper (the full corpus)." };
    private static readonly Option<string?> Device = new("--device") { Description = "Compute device: cpu, cuda or cuda:N. Never changes an experiment, only its speed.", HelpName = "NAME" };
    private static readonly Option<string[]> Set = new("--set") { Description = "Overrides a value of the cell tagged 'parameters', for example --set epochs=5. Repeatable.", HelpName = "NAME=VALUE", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> Out = new("--out") { Description = "Folder for the executed notebooks and report.html. Default: results/latest.", HelpName = "DIR" };

    private static readonly Option<string[]> Experiments = new("--experiment") { Description = "Runs the trials of an experiment without its notebook: 03-networks, or all. Repeatable.", HelpName = "ID", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<string?> ShardOption = new("--shard") { Description = "With --experiment: the part of the trials that this machine runs, such as 1/2.", HelpName = "I/N" };
    private static readonly Option<int> Threads = new("--threads") { Description = "With --experiment: threads of the tensor library. Two processes of one thread do more than one of two.", HelpName = "N" };
    private static readonly Option<string?> Results = new("--results") { Description = "Folder of the stored results of trials. Default: data/trials.", HelpName = "DIR" };

    private static readonly Option<bool> Readme = new("--readme") { Description = "With report: writes the README's results anew." };

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [NotebookProcess.Verb, var notebook, var folder])
            return await NotebookHost.MainAsync(notebook, folder);

        Names.Validators.Add(r =>
        {
            if (r.Tokens.FirstOrDefault(t => t.Value.StartsWith('-')) is { } unknown)
                r.AddError($"There is no option '{unknown.Value}'.");
        });
        Profile.AcceptOnlyFromAmong("smoke", "quick", "standard", "paper");
        var root = new RootCommand("Runs the notebooks without an editor: prints their tables, writes executed copies and one HTML report.");
        AddOptions(root);
        root.SetAction((parsed, _) => StartAsync(parsed));
        // The same under its name: "run" may be written out.
        var run = new Command("run", "Runs notebooks (the default command), or with --experiment the trials of experiments.");
        AddOptions(run);
        foreach (var option in new Option[] { Experiments, ShardOption, Threads, Results })
            run.Options.Add(option);
        run.SetAction((parsed, _) =>
        {
            if (parsed.GetValue(Experiments) is not { Length: > 0 })
                return StartAsync(parsed);
            // Here and not in Sweep, which cannot even be compiled before the library is found.
            LibraryLoader.Enable();
            return Task.FromResult(Sentence(() => Sweep(parsed)));
        });
        root.Subcommands.Add(run);
        var report = new Command("report", "Rebuilds all tables and the HTML report from stored results alone.");
        foreach (var option in new Option[] { Profile, Results, Out, Readme })
            report.Options.Add(option);
        report.SetAction(parsed =>
        {
            LibraryLoader.Enable();
            return Sentence(() => Report(parsed));
        });
        root.Subcommands.Add(report);

        var result = root.Parse(args);
        if (result.Errors.Count == 0)
            return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        foreach (var error in result.Errors)
            await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync("For the options: dotnet run --project notebooks/runner -- --help");
        return ExitCode.WrongUsage;
    }

    private static void AddOptions(Command command)
    {
        command.Arguments.Add(Names);
        foreach (var option in new Option[] { Data, Profile, Device, Set, Out })
            command.Options.Add(option);
    }

    private static async Task<int> StartAsync(ParseResult parsed)
    {
        try
        {
            return await new NotebookRun(Read(parsed)).RunAsync();
        }
        catch (NotebookException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return ExitCode.WrongUsage;
        }
    }

    private static int Sweep(ParseResult parsed) => SweepRun.Start(new SweepOptions(
        parsed.GetValue(Experiments)!, parsed.GetValue(Profile) ?? "quick", DataFolder(parsed.GetValue(Data)) ?? "", parsed.GetValue(Device) ?? "auto",
        parsed.GetValue(Threads), parsed.GetValue(ShardOption) ?? "1/1", ResultsFolder(parsed)));

    private static int Report(ParseResult parsed) => ReportRun.Start(new ReportOptions(
        parsed.GetValue(Profile) ?? "standard", ResultsFolder(parsed),
        Path.GetFullPath(parsed.GetValue(Out) ?? Path.Combine(Repository.Root, "results", "report")), parsed.GetValue(Readme)));

    private static string ResultsFolder(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(Results) ?? Repository.Trials);

    /// <summary>What is wrong with the options becomes a sentence.</summary>
    private static int Sentence(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (NotebookException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return ExitCode.WrongUsage;
        }
    }

    private static RunOptions Read(ParseResult parsed)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (DataFolder(parsed.GetValue(Data)) is { } data)
            given["data"] = data;
        if (parsed.GetValue(Profile) is { } profile)
            given["profile"] = profile;
        if (parsed.GetValue(Device) is { } device)
            given["device"] = device;
        var output = parsed.GetValue(Out) is { } folder ? Path.GetFullPath(folder) : Path.Combine(Repository.Root, "results", "latest");
        var set = Assignments(parsed.GetValue(Set) ?? []);
        return new RunOptions(Repository.Notebooks(parsed.GetValue(Names) ?? []), given, set, output);
    }

    private static string? DataFolder(string? asked)
    {
        if (asked is null)
            return Path.Combine(Repository.Root, "data", "ccnu-mobile") is var usual && Directory.Exists(usual) ? usual : null;
        var folder = Path.GetFullPath(asked);
        return Directory.Exists(folder) ? folder : throw new NotebookException($"--data: there is no folder '{folder}'.");
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

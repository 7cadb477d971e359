using System.CommandLine;

namespace DeviceId.Notebooks.Commands;

/// <summary>"run": the main job under its name, or with --experiment the trials of experiments without a notebook.</summary>
internal static class SweepCommand
{
    private static readonly Option<string[]> Experiments = new("--experiment")
    {
        Description = "Runs the trials of an experiment without its notebook: 03-networks, or all. Repeatable.",
        HelpName = "ID", Arity = ArgumentArity.ZeroOrMore
    };

    private static readonly Option<string?> Shard = new("--shard")
    {
        Description = "With --experiment: the part of the trials that this machine runs, such as 1/2.", HelpName = "I/N",
    };

    private static readonly Option<int> Threads = new("--threads")
    {
        Description = "With --experiment: threads of the tensor library. Two processes with one thread each do more than one with two.",
        HelpName = "N",
    };

    private static readonly Option<bool> WithScores = new("--with-scores")
    {
        Description = "With --experiment: runs trials again whose stored result has no scores.",
    };

    private static readonly Option<bool> Costs = new("--costs")
    {
        Description = "With --experiment: afterwards measures times of all variants in turn, several rounds, on a quiet machine.",
    };

    private static readonly Option<string?> Control = CreateControl();

    public static Command Create()
    {
        var run = new Command("run", "Runs notebooks (the default command), or with --experiment the trials of experiments.");
        NotebookCommand.Add(run);
        Option[] ofExperiments = [Shard, Threads, WithScores, Costs, Control, SharedOptions.Log, SharedOptions.Results];
        Array.ForEach([Experiments, .. ofExperiments], run.Options.Add);
        run.Validators.Add(result =>
        {
            var given = ofExperiments.FirstOrDefault(option => result.GetResult(option) is { Implicit: false });
            if (given is not null && result.GetResult(Experiments) is null)
                result.AddError($"{given.Name} needs --experiment: notebooks are run without it.");
        });
        run.SetAction((parsed, _) =>
        {
            if (parsed.GetValue(Experiments) is not { Length: > 0 })
                return NotebookCommand.StartAsync(parsed);
            // Not in Start: it cannot be compiled before the library is found.
            LibraryLoader.Enable();
            return Task.FromResult(CommandLine.RunCommand(() => Start(parsed)));
        });
        return run;
    }

    private static int Start(ParseResult parsed) => SweepRun.Start(new SweepOptions(
        parsed.GetValue(Experiments)!,
        parsed.GetValue(SharedOptions.Profile) ?? "quick",
        SharedOptions.DataFolder(parsed) ?? "",
        parsed.GetValue(SharedOptions.Device) ?? "auto",
        parsed.GetValue(Threads),
        parsed.GetValue(Shard) ?? "1/1",
        SharedOptions.ResultsFolder(parsed),
        parsed.GetValue(Control) is not null,
        parsed.GetValue(WithScores),
        SharedOptions.LogFolder(parsed),
        parsed.GetValue(Costs)));

    private static Option<string?> CreateControl()
    {
        var option = new Option<string?>("--control")
        {
            Description = "With --experiment: 'permuted' permutes the device labels of the training recordings at random; "
                + "every system must fall to chance accuracy, else the exit code is 1.",
            HelpName = "NAME",
        };
        option.AcceptOnlyFromAmong("permuted");
        return option;
    }
}

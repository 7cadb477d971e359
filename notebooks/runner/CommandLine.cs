using System.CommandLine;
using DeviceId.Notebooks.Commands;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Jupyter;
using DeviceId.Notebooks.Process;

namespace DeviceId.Notebooks;

/// <summary>The commands; everything that can be wrong with what was typed becomes a sentence.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case [NotebookProcess.Verb, var notebook, var folder]:
                return await NotebookHost.MainAsync(notebook, folder);
            case [JupyterKernel.Verb, var connection]:
                return Sentence(() => JupyterKernel.Serve(connection));
        }

        var root = new RootCommand("Runs the notebooks without an editor: prints their tables, writes executed copies and one HTML report. Trains models of your own devices and asks them about recordings.");
        NotebookCommand.AddTo(root);
        foreach (var command in new[] { SweepCommand.Create(), TrainCommand.Create(), IdentifyCommand.Create(), EvaluateCommand.Create(),
            ReportCommand.Create(), InstallKernelCommand.Create(), DoctorCommand.Create(), LicencesCommand.Create() })
            root.Subcommands.Add(command);
        var result = root.Parse(args);
        if (result.Errors.Count == 0)
            return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        foreach (var error in result.Errors)
            await Console.Error.WriteLineAsync(error.Message);
        var path = result.CommandResult.Command is RootCommand ? "" : result.CommandResult.Command.Name + " ";
        await Console.Error.WriteLineAsync($"For the options: dotnet run --project notebooks/runner -- {path}--help");
        return ExitCode.WrongUsage;
    }

    /// <summary>Runs a command of ours; what is wrong with its arguments or files is said in a sentence.</summary>
    public static int Sentence(Func<int> command) => SentenceAsync(() => Task.FromResult(command())).GetAwaiter().GetResult();

    /// <summary>The same for a command that waits.</summary>
    public static async Task<int> SentenceAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (NotebookException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return ExitCode.WrongUsage;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(
                $"{problem.Message} What was stored before is as it was: free the disk or name another folder, and start again.");
            return ExitCode.CellFailed;
        }
    }
}

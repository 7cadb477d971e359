using System.CommandLine;
using DeviceId.Notebooks.Commands;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Jupyter;
using DeviceId.Notebooks.Process;
using DeviceId.Notebooks.Terminal;

namespace DeviceId.Notebooks;

/// <summary>The commands of the runner. Every error of usage is printed as a sentence, not as a stack trace.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case [NotebookProcess.Verb, var copy, var folder, var events, var control]:
                return await NotebookHost.MainAsync(copy, folder, events, control);
            case [JupyterKernel.Verb, var connection]:
                return RunCommand(() => JupyterKernel.Serve(connection));
        }

        WrappingWriter.Enable();
        var result = CreateRoot().Parse(args);
        if (result.Errors.Count == 0)
            return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        foreach (var error in result.Errors)
            await Console.Error.WriteLineAsync(error.Message);
        var path = result.CommandResult.Command is RootCommand ? "" : result.CommandResult.Command.Name + " ";
        await Console.Error.WriteLineAsync($"For the options: dotnet run --project notebooks/runner -- {path}--help");
        return ExitCode.WrongUsage;
    }

    /// <summary>All commands with their options.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("Runs the notebooks without an editor: prints their tables, writes executed copies and one HTML report. "
            + "Trains models of your own devices and identifies the device of questioned recordings.");
        NotebookCommand.AddTo(root);
        Command[] commands =
        [
            SweepCommand.Create(), TrainCommand.Create(), IdentifyCommand.Create(), EvaluateCommand.Create(),
            ClusterCommand.Create(), ReportCommand.Create(), InstallKernelCommand.Create(), DoctorCommand.Create(),
            LicencesCommand.Create(),
        ];
        foreach (var command in commands)
            root.Subcommands.Add(command);
        HelpScreen.AddTo(root);
        return root;
    }

    /// <summary>Runs a command, prints errors of arguments and files as a sentence, and returns the exit code.</summary>
    public static int RunCommand(Func<int> command) => RunCommandAsync(() => Task.FromResult(command())).GetAwaiter().GetResult();

    /// <summary>The same for an asynchronous command.</summary>
    public static async Task<int> RunCommandAsync(Func<Task<int>> command)
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
            await Console.Error.WriteLineAsync($"{problem.Message} {Advice(problem)}");
            return ExitCode.CellFailed;
        }
    }

    private static string Advice(Exception problem) => problem switch
    {
        FileNotFoundException => "Correct the name, and start again.",
        IOException when FailureReason.IsDiskFull(problem) =>
            "Earlier results are unchanged: free disk space or name another folder, and start again.",
        _ => "Earlier results are unchanged: correct the name or the rights, or name another folder, and start again.",
    };
}

using System.Diagnostics;

namespace DeviceId.Tests;

/// <summary>Runs one explicit test of this program in its own process: to be killed, or to change process-wide settings.</summary>
internal static class ChildTest
{
    private const string StepLine = "-- one step is done";

    /// <summary>Starts the process; its output must be read, or it will block.</summary>
    /// <param name="owner">The class of the test.</param>
    /// <param name="method">The test, a fact marked <c>Explicit</c>.</param>
    /// <param name="environment">Environment variables of the process, in addition to this one's.</param>
    public static Process Start(Type owner, string method, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = [owner.Assembly.Location, "-noColor", "-explicit", "only", "-method", $"{owner.FullName}.{method}"];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs the process to its end. The output shows whether the test was run at all: if no test is found, none fails.</summary>
    /// <inheritdoc cref="Start"/>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        Type owner, string method, params (string Name, string Value)[] environment)
    {
        var cancelled = TestContext.Current.CancellationToken;
        using var process = Start(owner, method, environment);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancelled), process.StandardError.ReadToEndAsync(cancelled));
            await process.WaitForExitAsync(cancelled);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    /// <summary>In the child: reports that a step is done, and continues.</summary>
    public static void Report() => Console.WriteLine(StepLine);

    /// <summary>In the child: writes a file to show that it halts, then blocks until it is killed.</summary>
    public static void Halt(string file)
    {
        File.WriteAllText(file, "");
        new ManualResetEventSlim().Wait();
    }

    /// <summary>Kills a child (SIGKILL: it cannot clean up) once it has reported a number of steps.</summary>
    /// <returns>Whether it was killed; false if it ended before.</returns>
    public static async Task<bool> KillAfterAsync(Process process, int steps)
    {
        var cancelled = TestContext.Current.CancellationToken;
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var line = "";
        for (var reached = 0; reached < steps && line is not null;)
        {
            line = await process.StandardOutput.ReadLineAsync(cancelled);
            reached += line == StepLine ? 1 : 0;
        }

        // The end of the output shows that it has ended, whether or not the system still lists the process.
        var ended = line is null || process.HasExited;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        return !ended;
    }

    /// <summary>Kills a child that has halted, or is about to.</summary>
    public static async Task KillHaltedAsync(Process process, string file)
    {
        try
        {
            await Eventually.IsTrueAsync(() => File.Exists(file) || process.HasExited, "the child halts");
            Assert.True(File.Exists(file), "The child ended before the point where it should halt.");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Number of steps that a child's output reports.</summary>
    public static int CountSteps(string output) => output.Split('\n').Count(line => line == StepLine);
}

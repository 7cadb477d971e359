using System.Diagnostics;

namespace DeviceId.Tests;

/// <summary>One explicit test of this program in a process of its own: to be killed, or to change what holds for a whole process.</summary>
internal static class ChildTest
{
    private const string Point = "-- one more piece of work is done";

    /// <summary>Starts it; its output must be read, lest it waits for somebody to do so.</summary>
    /// <param name="owner">The class of the test.</param>
    /// <param name="method">The test, a fact marked <c>Explicit</c>.</param>
    /// <param name="environment">Variables that the process gets besides this one's.</param>
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

    /// <summary>Runs it to its end. The output says whether the test was run at all: where none is found, none fails.</summary>
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

    /// <summary>In the child: says that one more piece of its work is done, and goes on.</summary>
    public static void Report() => Console.WriteLine(Point);

    /// <summary>In the child: writes a file that says where it stands, and stands still there until it is killed.</summary>
    public static void Halt(string file)
    {
        File.WriteAllText(file, "");
        new ManualResetEventSlim().Wait();
    }

    /// <summary>Kills a child (SIGKILL: no chance to tidy up) once it has said so many times that a piece of work is done.</summary>
    /// <returns>Whether it was killed; false where it came to its end before.</returns>
    public static async Task<bool> KillAfterAsync(Process process, int points)
    {
        var cancelled = TestContext.Current.CancellationToken;
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var line = "";
        for (var reached = 0; reached < points && line is not null;)
        {
            line = await process.StandardOutput.ReadLineAsync(cancelled);
            reached += line == Point ? 1 : 0;
        }

        // The end of its output, and not whether the system still lists the process, says that it has ended.
        var ended = line is null || process.HasExited;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        return !ended;
    }

    /// <summary>Kills a child that stands still, or is about to.</summary>
    public static async Task KillHaltedAsync(Process process, string file)
    {
        try
        {
            await Eventually.IsTrueAsync(() => File.Exists(file) || process.HasExited, "the child halts");
            Assert.True(File.Exists(file), "The child ended before it came to where it was to halt.");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>How many pieces of work a child's output tells of.</summary>
    public static int PointsIn(string output) => output.Split('\n').Count(line => line == Point);
}

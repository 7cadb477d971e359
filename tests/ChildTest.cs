using System.Diagnostics;

namespace DeviceId.Tests;

/// <summary>One explicit test of this program in a process of its own: to be killed, or to change what holds for a whole process.</summary>
internal static class ChildTest
{
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
}

using System.Diagnostics;

namespace DeviceId.Tests.Notebooks;

/// <summary>The real runner in a process of its own, as a user starts it.</summary>
internal static class RunnerProcess
{
    public static Process Start(params string[] arguments) => Process.Start(Describe(arguments))!;

    public static ProcessStartInfo Describe(params string[] arguments)
    {
        // A test run in the background of a script ignores SIGINT and hands that on; coreutils' env gives the runner a terminal's behaviour
        // back.
        var start = OperatingSystem.IsLinux()
            ? new ProcessStartInfo("env") { ArgumentList = { "--default-signal=INT", "dotnet" } } : new ProcessStartInfo("dotnet");
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.ArgumentList.Add(Path.Combine(TestPaths.Root, "notebooks", "runner", "bin", "DeviceId.Notebooks.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}

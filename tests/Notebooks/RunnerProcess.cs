using System.Diagnostics;

namespace DeviceId.Tests.Notebooks;

/// <summary>Starts the real runner in its own process, as a user does.</summary>
internal static class RunnerProcess
{
    public static Process Start(params string[] arguments) => Process.Start(Describe(arguments))!;

    public static ProcessStartInfo Describe(params string[] arguments)
    {
        // Tests in the background of a script ignore SIGINT, and child processes inherit that; coreutils' env restores the default.
        var start = OperatingSystem.IsLinux()
            ? new ProcessStartInfo("env") { ArgumentList = { "--default-signal=INT", "dotnet" } } : new ProcessStartInfo("dotnet");
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.ArgumentList.Add(Path.Combine(TestPaths.Root, "notebooks", "runner", "bin", "DeviceId.Notebooks.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunAsync(Describe(arguments));

    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}

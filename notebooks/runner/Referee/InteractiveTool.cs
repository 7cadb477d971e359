using System.Diagnostics;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Process;

namespace DeviceId.Notebooks.Referee;

/// <summary>
/// The last release of .NET Interactive's tool, pinned in .config/dotnet-tools.json. The SDK restores it from the user's package sources.
/// </summary>
internal static class InteractiveTool
{
    /// <summary>The name of the engine on the command line.</summary>
    public const string Name = "dotnet-interactive";

    /// <summary>Restores the tool: seconds the first time, half a second later.</summary>
    /// <exception cref="NotebookException">It cannot be restored; the message is the SDK's.</exception>
    public static async Task RestoreAsync()
    {
        var start = Describe("tool", "restore");
        start.RedirectStandardError = true;
        using var process = System.Diagnostics.Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode == 0)
            return;
        var line = (await errors + "\n" + await output).Split('\n').Select(text => text.Trim()).FirstOrDefault(text => text.Length > 0);
        throw new NotebookException($"--engine {Name}: its tool cannot be restored here (dotnet tool restore in '{Repository.Root}'): "
            + (line ?? $"exit code {process.ExitCode}."));
    }

    /// <summary>Starts the engine. Commands go to its standard input, events come from its standard output.</summary>
    /// <param name="folder">Its working folder.</param>
    /// <param name="key">Marks the processes that cells leave behind.</param>
    public static System.Diagnostics.Process Start(string folder, string key)
    {
        var start = Describe("tool", "run", Name, "--", "stdio", "--default-kernel", "csharp", "--working-dir", folder);
        start.Environment["DEVICEID_HOST"] = "runner";
        start.Environment[LeftBehind.Variable] = key;
        return System.Diagnostics.Process.Start(start)!;
    }

    // The SDK looks for the manifest from the working directory upwards.
    private static ProcessStartInfo Describe(params string[] arguments) => new(DotnetHost.Path, arguments)
    {
        WorkingDirectory = Repository.Root,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        UseShellExecute = false,
        Environment =
        {
            ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
            ["DOTNET_NOLOGO"] = "1",
        },
    };
}

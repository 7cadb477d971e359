using System.Diagnostics;
using System.Text.RegularExpressions;

namespace DeviceId.Tests.Notebooks.Terminal;

/// <summary>The real runner in a pseudo terminal of 80 columns.</summary>
[Trait("Speed", "Slow")]
public sealed partial class EightyColumnTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("train --help")]
    [InlineData("report --out {0}/report --results {0}/none")]
    [InlineData("--profile huge")]
    [InlineData("train --recordings {0}/a/folder/of/a/long/name/that/is/not/there --model {0}/a.model")]
    public async Task NoLineIsWiderThanTheTerminalUnlessItIsOneWord(string arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "The test needs util-linux's script.");
        var lines = await RunAsync(string.Format(null, arguments, _folder.Path));
        Assert.True(lines.Count > 1, string.Join('\n', lines));
        Assert.DoesNotContain(lines, line => line.Length > 80 && line.Trim().Contains(' '));
    }

    private static async Task<IReadOnlyList<string>> RunAsync(string arguments)
    {
        var runner = Path.Combine(TestPaths.Root, "notebooks", "runner", "bin", "DeviceId.Notebooks.dll");
        var start = new ProcessStartInfo("script")
        {
            ArgumentList = { "-qec", $"stty cols 80 rows 40; dotnet {runner} {arguments}", "/dev/null" },
            RedirectStandardOutput = true, RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return [.. Sequence().Replace(output, "").Split('\n').Select(line => line.TrimEnd('\r', ' ')).Where(line => line.Length > 0)];
    }

    [GeneratedRegex(@"\e[\[(>]?[0-9;?]*[A-Za-z=>]")]
    private static partial Regex Sequence();
}

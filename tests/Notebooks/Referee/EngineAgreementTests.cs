namespace DeviceId.Tests.Notebooks.Referee;

/// <summary>
/// The notebooks give the same outputs in both engines. Run on request, because it takes minutes: the test program with
/// <c>-explicit only -class DeviceId.Tests.Notebooks.Referee.EngineAgreementTests</c>. CI runs the first test, with the copies that it
/// has just made (DEVICEID_EXECUTED).
/// </summary>
public sealed class EngineAgreementTests : IDisposable
{
    private static readonly string[] InEveryCheck = ["00-start-here", "08-your-recordings"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Others => [.. Directory.GetFiles(Path.Combine(TestPaths.Root, "notebooks"), "*.ipynb")
        .Select(path => Path.GetFileNameWithoutExtension(path)).Except(InEveryCheck).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public Task TheTourAndTheNotebookOnYourRecordingsAgree() =>
        CompareAsync(Environment.GetEnvironmentVariable("DEVICEID_EXECUTED"), InEveryCheck);

    [Theory(Explicit = true)]
    [MemberData(nameof(Others))]
    public async Task TheOtherNotebooksAgree(string notebook)
    {
        await RefereeRuns.SkipWithoutToolAsync();
        // They show which trials are stored: after this run all are.
        await RunAsync("own", [notebook]);
        await CompareAsync(null, notebook);
    }

    private async Task CompareAsync(string? executed, params string[] notebooks)
    {
        await RefereeRuns.SkipWithoutToolAsync();
        var own = executed is { Length: > 0 } ? Path.GetFullPath(executed, TestPaths.Root) : await RunAsync("own", notebooks);
        var referee = await RunAsync("dotnet-interactive", notebooks);
        Assert.Empty(notebooks.SelectMany(name => NotebookComparison.FindDifferences(
            Path.Combine(own, name + ".ipynb"), Path.Combine(referee, name + ".ipynb")).Select(line => $"{name}, {line}")));
    }

    private async Task<string> RunAsync(string engine, string[] notebooks)
    {
        var folder = _folder.File(engine);
        var (exit, output) = await RunnerProcess.RunAsync(
            ["run", "--engine", engine, "--profile", "smoke", "--out", folder, .. notebooks]);
        Assert.True(exit == 0, output);
        return folder;
    }
}

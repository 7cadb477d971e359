using System.Runtime.InteropServices;
using DeviceId.Notebooks.Commands;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Supply;

namespace DeviceId.Tests.Notebooks;

public sealed class LicenceTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheNoticesListWhatTheLockFilesSay()
    {
        if (RuntimeInformation.RuntimeIdentifier != "linux-x64")
            Assert.Skip($"The committed lock files are those of linux-x64, this machine is {RuntimeInformation.RuntimeIdentifier}.");
        var text = File.ReadAllText(Path.Combine(TestPaths.Root, LicencesCommand.FileName));
        // The table covers projects that `dotnet test tests` does not restore. .ci/run restores all of them, so it never skips this test.
        static bool IsMissing(string project) =>
            !File.Exists(Path.Combine(TestPaths.Root, "tests", project, "obj", "project.assets.json"));
        if (new[] { "benchmarks", "fuzz" }.FirstOrDefault(IsMissing) is { } missing)
        {
            Assert.Skip($"tests/{missing} has not been restored here (dotnet restore tests/{missing}): "
                + "the licences of its packages cannot be read.");
        }

        var table = LicenceTable.Write(TestPaths.Root);
        Assert.Contains("| TorchSharp | 0.107.0 | MIT | library, tests, benchmarks, fuzzing |", table, StringComparison.Ordinal);
        var isCurrent = text == LicencesCommand.Replace(text, table);
        Assert.True(isCurrent, "The notices are out of date: dotnet run --project notebooks/runner -- licences --write");
    }

    [Fact]
    public void WithoutLockFilesOrAPlaceForTheTableASentenceSaysSo()
    {
        Assert.Contains("restore first", Assert.Throws<NotebookException>(() => LicenceTable.Write(_folder.Path)).Message,
            StringComparison.Ordinal);
        Assert.Throws<NotebookException>(() => LicencesCommand.Replace("no markers", "table"));
    }
}

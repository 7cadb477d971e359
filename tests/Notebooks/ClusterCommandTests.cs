using System.Text.Json;
using DeviceId.Corpora;

namespace DeviceId.Tests.Notebooks;

/// <summary>The command cluster, as a user types it.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class ClusterCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SessionsAreCountedBadFilesNamedAndResultsWritten()
    {
        var recordings = MakeRecordings();
        await File.WriteAllTextAsync(Path.Combine(recordings, "=broken.wav"), "no sound", TestContext.Current.CancellationToken);
        var (exit, output) = await RunnerProcess.RunAsync(
            "cluster", recordings, "--labels", "folders", "--json", _folder.File("a.json"), "--csv", _folder.File("a.csv"));
        Assert.True(exit == 1, output);
        Assert.Contains("=broken.wav", output, StringComparison.Ordinal);
        Assert.Contains("phone session", output, StringComparison.Ordinal);
        Assert.Contains("not one phone", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        foreach (var row in new[] { "these sessions", "random", "file facts" })
            Assert.Contains(row, output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(
            await File.ReadAllTextAsync(_folder.File("a.json"), TestContext.Current.CancellationToken));
        var root = json.RootElement;
        var count = root.GetProperty("recordings").GetArrayLength();
        Assert.Equal(Directory.GetFiles(recordings, "*.wav", SearchOption.AllDirectories).Length - 1, count);
        Assert.Equal(1, root.GetProperty("failures").GetArrayLength());
        Assert.Equal(root.GetProperty("sessions").GetInt32(),
            root.GetProperty("recordings").EnumerateArray().Select(r => r.GetProperty("session").GetInt32()).Max());
        Assert.Equal(3, root.GetProperty("agreement").GetArrayLength());
        var lines = await File.ReadAllLinesAsync(_folder.File("a.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(1 + count + 1, lines.Length);
        Assert.StartsWith("file,session,silhouette,", lines[0], StringComparison.Ordinal);

        // Its own outputs may be replaced, a file of another program and a recording not.
        File.Delete(Path.Combine(recordings, "=broken.wav"));
        (exit, output) = await RunnerProcess.RunAsync(
            "cluster", recordings, "--k", "2", "--by", "supervector", "--json", _folder.File("a.json"));
        Assert.True(exit == 0, output);
        Assert.Contains("2 phone sessions, as asked", output, StringComparison.Ordinal);
        var recording = Directory.GetFiles(recordings, "*.wav", SearchOption.AllDirectories)[0];
        (exit, output) = await RunnerProcess.RunAsync("cluster", recordings, "--csv", recording, "--force");
        Assert.Equal(2, exit);
        Assert.Contains("would be overwritten", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeUsedIsSaidInASentence()
    {
        var empty = Directory.CreateDirectory(_folder.File("empty")).FullName;
        foreach (var (said, arguments) in new (string, string[])[]
        {
            ("has no recordings", [empty]), ("There is no folder", [_folder.File("absent")]), ("not a number from 1", [empty, "--k", "0"]),
            ("Must be one of", [empty, "--by", "colour"]), ("the name is empty", [empty, "--json", ""]),
        })
        {
            var (exit, output) = await RunnerProcess.RunAsync(["cluster", .. arguments]);
            Assert.True(exit == 2, output);
            Assert.Contains(said, output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }

        var recordings = MakeRecordings();
        var (code, text) = await RunnerProcess.RunAsync("cluster", recordings, "--k", "1000");
        Assert.Equal(2, code);
        Assert.Contains("cannot come from 1000 sessions", text, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(recordings, "*.wav", SearchOption.AllDirectories).Skip(3))
            File.Delete(file);
        (code, text) = await RunnerProcess.RunAsync("cluster", recordings);
        Assert.Equal(0, code);
        Assert.Contains("the number of phone sessions is unknown", text, StringComparison.Ordinal);
        Assert.Contains("too few to count", text, StringComparison.Ordinal);
    }

    /// <summary>Simulated recordings, a folder for each phone.</summary>
    private string MakeRecordings()
    {
        var target = _folder.File("recordings");
        var corpus = SimulatedCorpus.Open(SimulatedCorpusOptions.Small with { SecondsPerSentence = 1.5 }, _folder.File("simulated"));
        foreach (var recording in corpus.Recordings)
        {
            var folder = Directory.CreateDirectory(Path.Combine(target, recording.Device)).FullName;
            File.Copy(recording.Path, Path.Combine(folder, Path.GetFileName(recording.Path)));
        }

        return target;
    }
}

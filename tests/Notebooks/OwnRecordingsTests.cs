using System.Text.Json;
using DeviceId.Corpora;

namespace DeviceId.Tests.Notebooks;

/// <summary>The commands train, identify and evaluate, as a user types them.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class OwnRecordingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AModelIsTrainedFromATableAndNamesRecordings()
    {
        var corpus = SimulatedCorpus.Open(new SimulatedCorpusOptions
        {
            Brands = 2, ModelsPerBrand = 2, UnitsPerModel = 1, Sentences = 4,
            Speakers = 4, SecondsPerSentence = 3, SampleRate = 16_000
        }, _folder.Path);
        var table = _folder.File("mine.csv");
        await File.WriteAllLinesAsync(table,
            corpus.Recordings.Where(r => r.Sentence != "004").Select(r => $"{r.Path},phone {r.Device},{r.Sentence}")
            .Prepend("file,device,session"), TestContext.Current.CancellationToken);
        var model = _folder.File("mine.model");

        var (exit, output) = await RunnerProcess.RunAsync("train", "--recordings", table, "--model", model, "--profile", "smoke",
            "--log", _folder.File("log"));
        Assert.True(exit == 0, output);
        Assert.Equal(["all recordings", "fold 1", "fold 2"],
            Directory.GetFiles(_folder.File("log"), "events.out.tfevents.*.deviceid", SearchOption.AllDirectories)
                .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal));
        Assert.Contains("mine: 12 recordings of 4 devices", output, StringComparison.Ordinal);
        Assert.Contains("held out from training", output, StringComparison.Ordinal);
        Assert.True(File.Exists(model));

        var questioned = corpus.Recordings.Where(r => r.Sentence == "004").Select(r => r.Path).ToArray();
        await File.WriteAllTextAsync(_folder.File("broken.wav"), "no sound", TestContext.Current.CancellationToken);
        var empty = Directory.CreateDirectory(_folder.File("empty")).FullName;
        (exit, output) = await RunnerProcess.RunAsync(["identify", "--model", model, questioned[0], empty, .. questioned[1..],
            _folder.File("broken.wav"), "--json", _folder.File("a.json"), "--csv", _folder.File("a.csv"), "--report", _folder.File("pages"),
            "--asked", $"phone {corpus.Devices[0]}"]);
        // One file cannot be read and one folder is empty: both are reported, and the others are identified.
        Assert.Equal(1, exit);
        Assert.Contains($"2 of 6 recordings got no answer: {empty}, ", output, StringComparison.Ordinal);
        Assert.Contains("broken.wav", output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.File("a.json"), TestContext.Current.CancellationToken));
        Assert.Equal(questioned, json.RootElement.GetProperty("answers").EnumerateArray().Select(e => e.GetProperty("file").GetString()));
        Assert.Equal([empty, _folder.File("broken.wav")],
            json.RootElement.GetProperty("failures").EnumerateArray().Select(e => e.GetProperty("file").GetString()));
        Assert.Equal(7, (await File.ReadAllLinesAsync(_folder.File("a.csv"), TestContext.Current.CancellationToken)).Length);
        Assert.Equal(4, Directory.GetFiles(_folder.File("pages"), "*.html").Length);

        (exit, output) = await RunnerProcess.RunAsync("identify", "--model", model, questioned[0], "--asked", "nobody");
        Assert.Equal(2, exit);
        Assert.Contains("knows no device 'nobody'", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APathThatCannotBeWrittenIsRefusedBeforeTrainingOrIdentifying()
    {
        var file = _folder.File("a-file");
        await File.WriteAllTextAsync(file, "no folder", TestContext.Current.CancellationToken);
        foreach (var (option, arguments) in new (string, string[])[]
        {
            ("--model", ["train", "--recordings", _folder.File("absent"), "--model", Path.Combine(file, "x.model")]),
            ("--report", ["identify", "--model", file, "a.wav", "--report", Path.Combine(file, "pages")]),
            ("--csv", ["identify", "--model", file, "a.wav", "--csv", Path.Combine(file, "a.csv")]),
            ("--results", ["evaluate", "--recordings", _folder.File("absent"), "--results", file]),
        })
        {
            var (exit, output) = await RunnerProcess.RunAsync(arguments);
            Assert.Equal(2, exit);
            Assert.StartsWith($"{option}: '{file}", output, StringComparison.Ordinal);
            Assert.Contains("cannot be written", output, StringComparison.Ordinal);
        }

        Assert.Equal([file], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("There is no model", "identify", "--model", "absent.model", "a.wav")]
    [InlineData("--false-alarms", "identify", "--model", "absent.model", "a.wav", "--false-alarms", "5")]
    [InlineData("There is no folder", "train", "--recordings", "absent")]
    [InlineData("--recordings", "train")]
    [InlineData("There is no folder", "evaluate", "--recordings", "absent")]
    public async Task AWrongArgumentIsRefusedWithASentence(string expected, params string[] arguments)
    {
        var (exit, output) = await RunnerProcess.RunAsync([.. arguments.Select(a => a.StartsWith("absent", StringComparison.Ordinal)
            ? _folder.File(a) : a)]);
        Assert.Equal(2, exit);
        Assert.Contains(expected, output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}

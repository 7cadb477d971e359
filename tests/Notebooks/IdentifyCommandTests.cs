using System.Diagnostics;
using System.Text.Json;
using DeviceId.Audio;
using DeviceId.Tests.Identification;

namespace DeviceId.Tests.Notebooks;

/// <summary>The command identify with bad items, pipes, channels and outputs, as a user types it.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class IdentifyCommandTests(SmallModel small) : IClassFixture<SmallModel>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Good => small.Recordings[0].Path;

    [Fact]
    public async Task OneBadItemCostsOnlyItselfAndIsARowEverywhere()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Named pipes are made with mkfifo.");
        await File.WriteAllTextAsync(_folder.File("=broken.wav"), "no sound", TestContext.Current.CancellationToken);
        var folder = Directory.CreateDirectory(_folder.File("folder")).FullName;
        File.Copy(Good, Path.Combine(folder, "a.wav"));
        await File.WriteAllTextAsync(Path.Combine(folder, "note.txt"), "text", TestContext.Current.CancellationToken);
        Process.Start("mkfifo", [Path.Combine(folder, "x.wav")]).WaitForExit();
        var (exit, output) = await IdentifyAsync("", _folder.File("=broken.wav"), _folder.File("absent.wav"), folder,
            "/dev/zero", Good,
            "--json", _folder.File("a.json"), "--csv", _folder.File("a.csv"), "--report", _folder.File("pages"));
        Assert.True(exit == 1, output);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Contains("note.txt", output, StringComparison.Ordinal);
        Assert.Contains("got no answer", output, StringComparison.Ordinal);
        using var json = await ReadJsonAsync("a.json");
        Assert.Equal([Path.Combine(folder, "a.wav"), Good], Files(json, "answers"));
        var failures = Files(json, "failures");
        // Those that are refused unopened come first.
        Assert.Equal(["''", Path.Combine(folder, "x.wav"), "/dev/zero", _folder.File("=broken.wav"), _folder.File("absent.wav")], failures);
        Assert.Equal(2, Directory.GetFiles(_folder.File("pages")).Length);
        var lines = await File.ReadAllLinesAsync(_folder.File("a.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(1 + 2 + failures.Count, lines.Length);
    }

    [Fact]
    public async Task ChannelsAreChosenAndEachGetsARowAndAPage()
    {
        var (first, second) = (AudioFile.Read(Good), AudioFile.Read(small.Recordings[5].Path));
        var stereo = _folder.File("stereo.wav");
        await File.WriteAllBytesAsync(stereo, Stereo(first, second), TestContext.Current.CancellationToken);
        var (exit, output) = await IdentifyAsync(stereo, "--channel", "each", "--false-alarms", "1", "--json",
            _folder.File("a.json"), "--report", _folder.File("pages"));
        Assert.True(exit == 0, output);
        Assert.Contains("stereo.wav, channel 2: ", output, StringComparison.Ordinal);
        Assert.Contains("channel 2 of 2", output, StringComparison.Ordinal);
        using var json = await ReadJsonAsync("a.json");
        var answers = json.RootElement.GetProperty("answers").EnumerateArray().ToList();
        Assert.Equal(["1", "2"], answers.Select(answer => answer.GetProperty("channel").GetString()));
        Assert.Equal([small.Recordings[0].Device, small.Recordings[5].Device],
            answers.Select(answer => answer.GetProperty("candidates")[0].GetProperty("device").GetString()));
        Assert.All(answers, answer => Assert.StartsWith("The channels' answers differ",
            answer.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal));
        Assert.Equal(["stereo.wav, channel 1.html", "stereo.wav, channel 2.html"],
            Directory.GetFiles(_folder.File("pages")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        (exit, output) = await IdentifyAsync(stereo, "--channel", "3");
        Assert.True(exit == 1, output);
        (exit, output) = await IdentifyAsync(stereo, "--channel", "left");
        Assert.Equal(2, exit);
        Assert.Contains("'left' is not speech, mean, each", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StandardInputAndProcessSubstitutionAreReadAndLeaveNoFile()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs bash.");
        var temporary = Directory.CreateDirectory(_folder.File("tmp")).FullName;
        var runner = $"dotnet {Path.Combine(TestPaths.Root, "notebooks", "runner", "bin", "DeviceId.Notebooks.dll")}";
        var (exit, output) = await ShellAsync($"export TMPDIR='{temporary}'; cat '{Good}' | {runner} identify --model '{small.Path}' "
            + $"- <(cat '{small.Recordings[1].Path}') --json '{_folder.File("a.json")}'");
        Assert.True(exit == 0, output);
        using var json = await ReadJsonAsync("a.json");
        var answers = json.RootElement.GetProperty("answers").EnumerateArray().ToList();
        Assert.Equal("standard input", answers[0].GetProperty("file").GetString());
        Assert.Equal([small.Recordings[0].Hash, small.Recordings[1].Hash], answers.Select(a => a.GetProperty("sha256").GetString()));
        Assert.DoesNotContain(Directory.GetFiles(temporary), file => file.EndsWith(".input", StringComparison.Ordinal));
        (exit, output) = await ShellAsync($"{runner} identify --model '{small.Path}' - < /dev/null");
        Assert.Equal(1, exit);
        Assert.Contains("standard input: nothing came through it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoOutputReplacesAnInputOrAFileOfAnotherProgram()
    {
        var recording = _folder.File("q.wav");
        File.Copy(Good, recording);
        var note = _folder.File("note.json");
        await File.WriteAllTextAsync(note, "mine", TestContext.Current.CancellationToken);
        foreach (var (said, arguments) in new (string, string[])[]
        {
            ("--json: ", ["--json", recording, "--force"]), ("--csv: ", ["--csv", recording]),
            ("is the model", ["--json", small.Path, "--force"]), ("also the file of --json", ["--json", "x.out", "--csv", "x.out"]),
            ("--force", ["--json", note]), ("the name is empty", ["--json", ""]), ("the name is empty", ["--report", ""]),
        })
        {
            var (exit, output) = await IdentifyAsync([recording, .. arguments]);
            Assert.Equal(2, exit);
            Assert.Contains(said, output, StringComparison.Ordinal);
            Assert.DoesNotContain(" probability ", output, StringComparison.Ordinal);
        }

        Assert.Equal("mine", await File.ReadAllTextAsync(note, TestContext.Current.CancellationToken));
        var (forced, text) = await IdentifyAsync(recording, "--json", note, "--force");
        Assert.True(forced == 0, text);
        (forced, text) = await IdentifyAsync(recording, "--json", note);
        Assert.True(forced == 0, text);
    }

    [Fact]
    public async Task PagesOfOtherRunsAndFoldersStayAndTheSameRecordingReplacesItsOwn()
    {
        foreach (var (name, index) in new[] { ("case1", 0), ("case2", 1) })
            File.Copy(small.Recordings[index].Path, Path.Combine(Directory.CreateDirectory(_folder.File(name)).FullName, "q.wav"));
        var pages = _folder.File("pages");
        string[] Pages() => [.. Directory.GetFiles(pages).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        for (var round = 0; round < 2; round++)
        {
            foreach (var name in new[] { "case1", "case2" })
            {
                var (exit, output) = await IdentifyAsync(_folder.File($"{name}/q.wav"), "--report", pages);
                Assert.True(exit == 0, output);
            }

            Assert.Equal(2, Pages().Length);
        }

        Assert.Contains("q.wav.html", Pages());
        var first = await File.ReadAllTextAsync(Path.Combine(pages, "q.wav.html"), TestContext.Current.CancellationToken);
        Assert.Contains(_folder.File("case1/q.wav"), first, StringComparison.Ordinal);
        // A page of somebody else with the name of a page is left alone, and so is one that is too long for a name.
        await File.WriteAllTextAsync(Path.Combine(pages, "r.wav.html"), "mine", TestContext.Current.CancellationToken);
        File.Copy(Good, _folder.File("r.wav"));
        File.Copy(Good, _folder.File(new string('l', 240) + ".wav"));
        var (last, text) = await IdentifyAsync(_folder.File("r.wav"), _folder.File(new string('l', 240) + ".wav"), "--report", pages);
        Assert.True(last == 0, text);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(pages, "r.wav.html"), TestContext.Current.CancellationToken));
        Assert.Equal(5, Pages().Length);
    }

    [Fact]
    public async Task CtrlCWritesWhatIsThereAndNamesTheRest()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Windows has no SIGINT to send to one process.");
        var token = TestContext.Current.CancellationToken;
        var many = Enumerable.Range(0, 500).Select(i => small.Recordings[i % 6].Path).ToArray();
        using var process = RunnerProcess.Start(["identify", "--model", small.Path, .. many, "--json", _folder.File("a.json"),
            "--csv", _folder.File("a.csv")]);
        while (await process.StandardOutput.ReadLineAsync(token) is { } line && !line.StartsWith(many[0], StringComparison.Ordinal))
            continue;
        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        var rest = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        Assert.True(process.ExitCode == 130, rest);
        using var json = await ReadJsonAsync("a.json");
        Assert.False(json.RootElement.GetProperty("isComplete").GetBoolean());
        Assert.InRange(Files(json, "answers").Count, 1, 499);
        Assert.Equal(500, Files(json, "answers").Count + Files(json, "failures").Count);
        Assert.Equal(501, (await File.ReadAllLinesAsync(_folder.File("a.csv"), token)).Length);
    }

    private static byte[] Stereo(AudioClip left, AudioClip right)
    {
        var count = Math.Min(left.Samples.Length, right.Samples.Length);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + (4 * count));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)2);
        writer.Write(left.SampleRate);
        writer.Write(left.SampleRate * 4);
        writer.Write((short)4);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(4 * count);
        for (var i = 0; i < count; i++)
        {
            writer.Write((short)(left.Samples[i] * 32768));
            writer.Write((short)(right.Samples[i] * 32768));
        }

        return stream.ToArray();
    }

    private static List<string> Files(JsonDocument json, string list) =>
        [.. json.RootElement.GetProperty(list).EnumerateArray().Select(element => element.GetProperty("file").GetString()!)];

    private Task<(int ExitCode, string Output)> IdentifyAsync(params string[] arguments) =>
        RunnerProcess.RunAsync(["identify", "--model", small.Path, .. arguments]);

    private async Task<JsonDocument> ReadJsonAsync(string name) =>
        JsonDocument.Parse(await File.ReadAllTextAsync(_folder.File(name), TestContext.Current.CancellationToken));

    private static async Task<(int ExitCode, string Output)> ShellAsync(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardOutput = true, RedirectStandardError = true
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + errors);
    }
}

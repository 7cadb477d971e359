using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class RecordingNamesTests
{
    [Fact]
    public void ANameIsDeviceAndFileWithASuffixOnlyIfTwoRecordingsShareIt()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, i) in new[] { "red/monday/kitchen", "red/tuesday/kitchen", "red/hall", "blue/kitchen" }
            .Select((name, i) => (name, i)))
            FakeCorpus.WriteSound(folder.File(name + ".wav"), i);
        var corpus = DeviceFolders.Open(folder.Path);

        var names = corpus.Recordings.Select(new RecordingNames(corpus).GetName).ToList();

        Assert.Equal(4, names.Distinct().Count());
        Assert.Equal(["blue/kitchen.wav", "red/hall.wav"], names[..2]);
        Assert.All(names[2..], name => Assert.Matches(@"^red/kitchen\.wav \([0-9a-f]{8}\)$", name));
        // The name does not depend on the split.
        Assert.Equal(names[3], new RecordingNames(corpus).GetName(corpus.Recordings[3]));
    }

    [Fact]
    public void TheSameRecordingsHaveTheSameNamesInEveryFolder()
    {
        var names = new List<string[]>();
        for (var run = 0; run < 2; run++)
        {
            using var folder = new TemporaryFolder();
            foreach (var (name, i) in new[] { "one/a", "two/a" }.Select((name, i) => (name, i)))
                FakeCorpus.WriteSound(folder.File($"sound/{(run == 0 ? name : "elsewhere/" + name)}.wav"), i);
            var parent = run == 0 ? "sound" : "sound/elsewhere";
            var rows = new[] { "one", "two" }.Select(session => $"{parent}/{session}/a.wav,red,{session}\n");
            File.WriteAllText(folder.File("table.csv"), "file,device,session\n" + string.Concat(rows));
            var corpus = RecordingTable.Open(folder.File("table.csv"));
            names.Add([.. corpus.Recordings.Select(new RecordingNames(corpus).GetName)]);
        }

        Assert.Equal(2, names[0].Distinct().Count());
        Assert.Equal(names[0], names[1]);
    }
}

using DeviceId.Audio;
using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class RecordingTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RecordingTableTests()
    {
        Directory.CreateDirectory(_folder.File("sub ü"));
        for (var i = 0; i < 4; i++)
            WaveFile.Write(_folder.File(i < 2 ? $"r{i}.wav" : $"sub ü/r, {i}.wav"), new AudioClip([0.1f * i, 0.9f], 8000));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ColumnsMayBeInAnyOrderQuotedSeparatedBySemicolonsAndUnknown()
    {
        var corpus = Open("Device;File;note;Session;Speaker\nB;r0.wav;x;Kitchen;Ann\nB;r1.wav;;garden;\n"
            + "A;\"sub ü/r, 2.wav\";;kitchen;Bob\nA;\"sub ü/r, 3.wav\";;;\n");
        Assert.Equal(["A", "B"], corpus.Devices);
        Assert.Equal([("A", "kitchen", "Bob"), ("A", "r, 3", null), ("B", "garden", null), ("B", "kitchen", "Ann")],
            corpus.Recordings.Select(r => (r.Device, r.Sentence, r.Speaker)));
        // The recordings of a session are one group, always on the same side.
        Assert.Equal(2, Folds.LeaveOneSentenceOut(
            Open("device,file,session\nB,r0.wav,one\nB,r1.wav,two\nA,\"sub ü/r, 2.wav\",one\nA,\"sub ü/r, 3.wav\",two\n")).Count);
    }

    [Fact]
    public void SessionsWithComposedAndDecomposedAccentsAreTheSame()
    {
        var corpus = Open("file,device,session\nr0.wav,A,K\u00FCche\nr1.wav,B,ku\u0308che\n");
        Assert.Equal(["k\u00FCche"], corpus.Recordings.Select(r => r.Sentence).Distinct());
        // An invalid Unicode character is not an error.
        Assert.Equal("\uFFFEx", Assert.Single(Open("file,device,session\nr0.wav,A,\uFFFEX\n").Recordings).Sentence);
    }

    [Theory]
    [InlineData("file,speaker\nr0.wav,x\n", "no column 'device'")]
    [InlineData("file,device\n", "lists no recordings")]
    [InlineData("", "no column 'file'")]
    [InlineData("file,device,device\nr0.wav,A,A\n", "twice")]
    [InlineData("file,device\nr0.wav,A\nr0.wav,B\n", "2 times")]
    [InlineData("file,device\nr0.wav,A,more\n", "line 2: 3 fields")]
    [InlineData("file,device\nr0.wav,\n", "'device' is empty")]
    [InlineData("file,device\n\"r0.wav,A\n", "line 2")]
    [InlineData("file,device\n\n  \nr0.wav,\n", "line 4: the column")]
    [InlineData("\nfile,device\nr0.wav,A\n\nr1.wav,A,more", "line 5: 3 fields")]
    [InlineData("file,device,note\nr0.wav,A,\"one\n\ntwo\"\n\nr1.wav,,x\n", "line 6: the column")]
    [InlineData("file,device\nabsent.wav,A\n", "device 'A' can be used")]
    public void ErrorsNameTheLine(string table, string expected) =>
        Assert.Contains(expected, Assert.Throws<CorpusException>(() => Open(table)).Message, StringComparison.Ordinal);

    [Fact]
    public void TheFinderOpensATable()
    {
        File.WriteAllText(_folder.File("phones.csv"), "file,device\nr0.wav,A\nr1.wav,B\n");
        Assert.Equal("phones", CorpusFinder.Open(_folder.File("phones.csv"), _folder.File("data"), new SimulatedCorpusOptions()).Name);
        Directory.CreateDirectory(_folder.File("folder.csv"));
        Assert.False(RecordingTable.Recognises(_folder.File("folder.csv")));
        Assert.Contains("There is no table",
            Assert.Throws<CorpusException>(() => CorpusFinder.Open(_folder.File("absent.csv"), "", new SimulatedCorpusOptions())).Message,
            StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<CorpusException>(() =>
            CorpusFinder.Open(_folder.File("r0.wav"), "", new SimulatedCorpusOptions())).Message, StringComparison.Ordinal);
    }

    private Corpus Open(string table)
    {
        File.WriteAllText(_folder.File("table.csv"), table);
        return RecordingTable.Open(_folder.File("table.csv"));
    }
}

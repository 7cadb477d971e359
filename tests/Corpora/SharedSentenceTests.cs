using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class SharedSentenceTests
{
    [Fact]
    public void IfAllDevicesHaveAllSentencesTheFirstOrTheLastIsChosen()
    {
        var corpus = FakeCorpus.Full(9, 3);
        Assert.Equal(("001", "003"), (SharedSentence.First(corpus, 4).Name, SharedSentence.Last(corpus, 5).Name));
        Assert.Equal(corpus.Devices, SharedSentence.First(corpus, 4).Devices);
        Assert.Equal("003", SharedSentence.Last(corpus, 5)["device7"].Sentence);
        Assert.Equal("device7", SharedSentence.Last(corpus, 5)["device7"].Device);
    }

    [Fact]
    public void OtherwiseTheSentenceOfTheMostDevicesIsChosen()
    {
        var corpus = new Corpus("mine",
            [Recording("a", "alone"), Recording("a", "kitchen"), Recording("b", "kitchen"), Recording("c", "kitchen"),
            Recording("c", "zoo"), Recording("b", "zoo")], []);
        foreach (var shared in new[] { SharedSentence.First(corpus, 3), SharedSentence.Last(corpus, 3) })
            Assert.Equal("kitchen", shared.Name);
        Assert.Contains("'nobody' has no recording of 'kitchen'",
            Assert.Throws<CorpusException>(() => SharedSentence.First(corpus, 2)["nobody"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DevicesAreSelectedAtEqualIntervalsFromTheFirst()
    {
        Assert.Equal(["device0", "device2", "device4", "device6"], SharedSentence.Last(FakeCorpus.Full(9, 2), 5).Spread(4));
        Assert.Equal(["device0", "device1", "device2", "device3"], SharedSentence.Last(FakeCorpus.Full(5, 2), 5).Spread(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedSentence.Last(FakeCorpus.Full(3, 2), 3).Spread(4));
    }

    [Fact]
    public void TooFewDevicesWithACommonSentenceIsAnErrorThatSaysHowMany()
    {
        var four = Assert.Throws<CorpusException>(() => SharedSentence.Last(FakeCorpus.Full(4, 2), 5)).Message;
        Assert.Contains("5 devices with one sentence in common; fake has 4 devices, of which 4 at most", four, StringComparison.Ordinal);
        var own = new Corpus("mine", Enumerable.Range(0, 6).Select(i => Recording($"phone{i}", $"holiday {i}")), []);
        Assert.Contains("has 6 devices, of which 1 at most share a sentence",
            Assert.Throws<CorpusException>(() => SharedSentence.First(own, 4)).Message, StringComparison.Ordinal);
        Assert.Contains("no recordings", Assert.Throws<CorpusException>(() => SharedSentence.First(new Corpus("none", [], []), 1)).Message,
            StringComparison.Ordinal);
    }

    private static Recording Recording(string device, string sentence) => FakeCorpus.Recording(device, sentence);
}

using CsCheck;
using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class FoldsTests
{
    /// <summary>Random corpora with missing recordings and copies across sentences and devices.</summary>
    private static readonly Gen<Corpus> Corpora =
        from devices in Gen.Int[1, 4]
        from sentences in Gen.Int[1, 8]
        from present in Gen.Int[0, 9].Array[devices * sentences]
        from hashes in Gen.Int[0, 60].Array[devices * sentences]
        select new Corpus("random", Enumerable.Range(0, devices * sentences).Where(i => present[i] > 0).Select(i => FakeCorpus.Recording(
            $"device{i % devices}", $"{i / devices + 1:D3}", $"hash{hashes[i]}", $"speaker{(i / devices) % 3}")), []);

    [Fact]
    public void NoMethodOfDividingAnyCorpusLeaks()
    {
        var created = 0;
        var refused = 0;
        Gen.Select(Corpora, Gen.Int[0, 4], Gen.Int[2, 4]).Sample(
            (corpus, method, folds) =>
            {
                try
                {
                    var splits = method switch
                    {
                        0 => Folds.LeaveOneSentenceOut(corpus),
                        1 => Folds.Grouped(corpus, folds, seed: 7),
                        2 => Folds.HeldOutSpeakers(corpus, folds, seed: 7),
                        _ => Folds.ByIndex(corpus, folds),
                    };
                    foreach (var split in splits)
                        AssertNoLeakage(corpus, split);
                    Interlocked.Add(ref created, splits.Count);
                }
                catch (CorpusException e)
                {
                    Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
                    Interlocked.Increment(ref refused);
                }
            }, iter: 2000, threads: 1);

        Assert.True(created > 100, $"only {created} splits were created, {refused} refused: the test is void");
        Assert.True(refused > 100, $"only {refused} corpora were refused");
    }

    [Fact]
    public void LeavingOneSentenceOutTestsEveryRecordingOnce()
    {
        var corpus = FakeCorpus.Full(devices: 3, sentences: 4);

        var splits = Folds.LeaveOneSentenceOut(corpus);

        Assert.Equal(["sentence-001", "sentence-002", "sentence-003", "sentence-004"], splits.Select(s => s.Name));
        Assert.All(splits, split => Assert.Equal((9, 3), (split.Train.Recordings.Count, split.Test.Recordings.Count)));
        Assert.Equal(corpus.Recordings.ToHashSet(), splits.SelectMany(s => s.Test.Recordings).ToHashSet());
    }

    [Fact]
    public void TheFirstTrainingSentencesAreTheFirstByNameForEveryDevice()
    {
        var train = Folds.LeaveOneSentenceOut(FakeCorpus.Full(devices: 3, sentences: 4))[1].Train;
        var two = train.FirstSentences(2);
        Assert.Equal(["001", "003"], two.Recordings.Select(r => r.Sentence).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal((6, 3), (two.Recordings.Count, two.Devices.Count));
        Assert.Contains("there are 3", Assert.Throws<CorpusException>(() => train.FirstSentences(4)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => train.FirstSentences(0));
        var uneven = new Corpus("uneven",
            [FakeCorpus.Recording("a", "1"), FakeCorpus.Recording("a", "2"), FakeCorpus.Recording("a", "3"), FakeCorpus.Recording("b", "2"),
            FakeCorpus.Recording("b", "3")], []);
        var split = Folds.LeaveOneSentenceOut(uneven).Single(s => s.Name == "sentence-3");
        Assert.Contains("'b'", Assert.Throws<CorpusException>(() => split.Train.FirstSentences(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SentencesThatShareAFilesContentsAreLeftOutTogether()
    {
        var corpus = new Corpus("copies", [
            FakeCorpus.Recording("a", "1", "same"), FakeCorpus.Recording("a", "2", "same"), FakeCorpus.Recording("a", "3"),
            FakeCorpus.Recording("b", "1"), FakeCorpus.Recording("b", "2"), FakeCorpus.Recording("b", "3")], []);

        Assert.Equal(["sentence-1+2", "sentence-3"], Folds.LeaveOneSentenceOut(corpus).Select(s => s.Name));
    }

    [Fact]
    public void TheFirstSentencesTrainAndCopiesOfThemAreNotTested()
    {
        var split = Assert.Single(Folds.FirstSentences(FakeCorpus.Full(devices: 3, sentences: 5), 2));
        Assert.Equal((6, 9), (split.Train.Recordings.Count, split.Test.Recordings.Count));
        var copies = new Corpus("copies", [
            FakeCorpus.Recording("a", "1", "same"), FakeCorpus.Recording("a", "3", "same"), FakeCorpus.Recording("a", "2"),
            FakeCorpus.Recording("b", "1"), FakeCorpus.Recording("b", "2"), FakeCorpus.Recording("b", "3")], []);
        Assert.Equal(["2"], Assert.Single(Folds.FirstSentences(copies, 1)).Test.Recordings.Select(r => r.Sentence).Distinct());
        Assert.Throws<CorpusException>(() => Folds.FirstSentences(FakeCorpus.Full(devices: 3, sentences: 2), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Folds.FirstSentences(copies, 0));
    }

    [Fact]
    public void InnerSplitsHoldOutTrainingSentencesOnly()
    {
        var outer = Folds.LeaveOneSentenceOut(FakeCorpus.Full(devices: 3, sentences: 4))[0];
        var inner = Folds.Inner(outer.Train);
        Assert.Equal(["sentence-002", "sentence-003", "sentence-004"], inner.Select(split => split.Name));
        Assert.All(inner, split => Assert.Equal((6, 3), (split.Train.Recordings.Count, split.Test.Recordings.Count)));
        var used = inner.SelectMany(split => split.Train.Recordings.Concat(split.Test.Recordings));
        Assert.DoesNotContain(used, outer.Test.Recordings.Contains);
    }

    [Fact]
    public void ASentenceThatIsADevicesOnlyOneIsNeverHeldOutWithinTheTraining()
    {
        var corpus = new Corpus("uneven", [
            FakeCorpus.Recording("a", "1"), FakeCorpus.Recording("a", "2"), FakeCorpus.Recording("a", "3"),
            FakeCorpus.Recording("b", "2"), FakeCorpus.Recording("b", "3")], []);
        var outer = Folds.LeaveOneSentenceOut(corpus).Single(split => split.Name == "sentence-3");
        Assert.Equal(["sentence-1"], Folds.Inner(outer.Train).Select(split => split.Name));
    }

    [Fact]
    public void ThePapersSplitIs514To128()
    {
        var split = Assert.Single(Folds.Paper(FakeCorpus.Full(devices: 2, sentences: 642)));

        Assert.Equal((2 * 514, 2 * 128), (split.Train.Recordings.Count, split.Test.Recordings.Count));
        Assert.Equal("514", split.Train.Recordings.Max(r => r.Sentence));
        Assert.Equal("515", split.Test.Recordings.Min(r => r.Sentence));
    }

    [Fact]
    public void ThePapersSplitOfThePublicPartIsAnErrorThatSaysWhatToDo()
    {
        var error = Assert.Throws<CorpusException>(() => Folds.Paper(FakeCorpus.Full(devices: 2, sentences: 5)));
        Assert.Contains("leave one sentence out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DividingWordsByIndexIsAnError()
    {
        var corpus = new Corpus("words", [FakeCorpus.Recording("a", "hello"), FakeCorpus.Recording("a", "there")], []);
        Assert.Contains("'hello'", Assert.Throws<CorpusException>(() => Folds.ByIndex(corpus, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GroupedFoldsAreBalancedAndFollowTheSeed()
    {
        var corpus = FakeCorpus.Full(devices: 2, sentences: 20);
        string[] Tests(long seed) => [.. Folds.Grouped(corpus, 4, seed)
            .Select(s => string.Join(' ', s.Test.Recordings.Select(r => r.Sentence)))];

        Assert.All(Folds.Grouped(corpus, 4, 1), split => Assert.Equal(10, split.Test.Recordings.Count));
        Assert.Equal(Tests(1), Tests(1));
        Assert.NotEqual(Tests(1), Tests(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void AnImpossibleNumberOfFoldsIsAnError(int folds) =>
        Assert.Throws<CorpusException>(() => Folds.Grouped(FakeCorpus.Full(devices: 2, sentences: 5), folds, 1));

    [Fact]
    public void HeldOutSpeakersAndTheirSentencesAreNotInTraining()
    {
        // Three speakers: each reads a sentence of their own, and all read SA1.
        var corpus = new Corpus("TIMIT", new[] { "f1", "m1", "m2" }.SelectMany(speaker => new[] { "SA1", $"SX{speaker}" }
            .Select(sentence => FakeCorpus.Recording("TIMIT", sentence, $"{speaker} {sentence}", speaker))), []);

        foreach (var split in Folds.HeldOutSpeakers(corpus, 3, seed: 1))
        {
            Assert.Empty(split.Train.Recordings.Select(r => r.Speaker).Intersect(split.Test.Recordings.Select(r => r.Speaker)));
            Assert.Equal(2, split.Test.Recordings.Count);
            Assert.Equal(2, split.Train.Recordings.Count);
            Assert.DoesNotContain(split.Train.Recordings, r => r.Sentence == "SA1");
        }
    }

    [Fact]
    public void UnknownSpeakersCannotBeHeldOut()
    {
        var corpus = new Corpus("no speakers", [FakeCorpus.Recording("a", "1"), FakeCorpus.Recording("a", "2")], []);
        Assert.Contains("who speaks", Assert.Throws<CorpusException>(() => Folds.HeldOutSpeakers(corpus, 2, 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ASplitWithASentenceOnBothSidesCannotBeMade() =>
        Assert.Contains("both sides", Refusal([FakeCorpus.Recording("a", "1", "x")], [FakeCorpus.Recording("a", "1", "y")]),
            StringComparison.Ordinal);

    [Fact]
    public void ASplitWithOneFilesContentsOnBothSidesCannotBeMade() =>
        Assert.Contains("contents", Refusal([FakeCorpus.Recording("a", "1", "x")], [FakeCorpus.Recording("a", "2", "x")]),
            StringComparison.Ordinal);

    [Fact]
    public void ASplitThatLeavesADeviceUntrainedCannotBeMade() =>
        Assert.Contains("'a'", Refusal([], [FakeCorpus.Recording("a", "2")]), StringComparison.Ordinal);

    [Fact]
    public void ASplitWithoutATestCannotBeMade() =>
        Assert.Contains("no test", Refusal([FakeCorpus.Recording("a", "1")], []), StringComparison.Ordinal);

    private static string Refusal(Recording[] train, Recording[] test) =>
        Assert.Throws<CorpusException>(() => new Split("bad", new TrainSet(["a"], train), new TestSet(["a"], test))).Message;

    private static void AssertNoLeakage(Corpus corpus, Split split)
    {
        Assert.NotEmpty(split.Test.Recordings);
        foreach (var test in split.Test.Recordings)
            Assert.DoesNotContain(split.Train.Recordings, train => train.Sentence == test.Sentence || train.Hash == test.Hash);
        Assert.Equal(corpus.Devices, split.Train.Recordings.Select(r => r.Device).Distinct().Order(StringComparer.Ordinal));
    }
}

using CsCheck;
using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class FoldsTests
{
    /// <summary>Random corpora: some recordings missing, some sharing contents across sentences and devices.</summary>
    private static readonly Gen<Corpus> Corpora =
        from devices in Gen.Int[1, 4]
        from sentences in Gen.Int[1, 8]
        from kept in Gen.Int[0, 9].Array[devices * sentences]
        from hashes in Gen.Int[0, 60].Array[devices * sentences]
        select new Corpus("random", Enumerable.Range(0, devices * sentences).Where(i => kept[i] > 0).Select(i => FakeCorpus.Recording(
            $"device{i % devices}", $"{i / devices + 1:D3}", $"hash{hashes[i]}", $"speaker{(i / devices) % 3}")), []);

    [Fact]
    public void Whatever_the_corpus_no_way_of_dividing_leaks()
    {
        var made = 0;
        var refused = 0;
        Gen.Select(Corpora, Gen.Int[0, 4], Gen.Int[2, 4]).Sample(
            (corpus, way, folds) =>
            {
                try
                {
                    var splits = way switch
                    {
                        0 => Folds.LeaveOneSentenceOut(corpus),
                        1 => Folds.Grouped(corpus, folds, seed: 7),
                        2 => Folds.HeldOutSpeakers(corpus, folds, seed: 7),
                        _ => Folds.ByIndex(corpus, folds),
                    };
                    foreach (var split in splits)
                        AssertSound(corpus, split);
                    Interlocked.Add(ref made, splits.Count);
                }
                catch (CorpusException e)
                {
                    Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
                    Interlocked.Increment(ref refused);
                }
            }, iter: 2000, threads: 1);

        Assert.True(made > 100, $"only {made} splits were made, {refused} refused: the test says nothing");
        Assert.True(refused > 100, $"only {refused} corpora were refused");
    }

    [Fact]
    public void Leaving_one_sentence_out_tests_every_recording_once()
    {
        var corpus = FakeCorpus.Full(devices: 3, sentences: 4);

        var splits = Folds.LeaveOneSentenceOut(corpus);

        Assert.Equal(["sentence-001", "sentence-002", "sentence-003", "sentence-004"], splits.Select(s => s.Name));
        Assert.All(splits, split => Assert.Equal((9, 3), (split.Train.Recordings.Count, split.Test.Recordings.Count)));
        Assert.Equal(corpus.Recordings.ToHashSet(), splits.SelectMany(s => s.Test.Recordings).ToHashSet());
    }

    [Fact]
    public void TheFirstSentencesToTrainOnAreThoseOfTheFirstNamesAndOfEveryDevice()
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
    public void Sentences_that_share_a_files_contents_are_left_out_together()
    {
        var corpus = new Corpus("copies", [
            FakeCorpus.Recording("a", "1", "same"), FakeCorpus.Recording("a", "2", "same"), FakeCorpus.Recording("a", "3"),
            FakeCorpus.Recording("b", "1"), FakeCorpus.Recording("b", "2"), FakeCorpus.Recording("b", "3")], []);

        Assert.Equal(["sentence-1+2", "sentence-3"], Folds.LeaveOneSentenceOut(corpus).Select(s => s.Name));
    }

    [Fact]
    public void The_papers_split_is_514_to_128()
    {
        var split = Assert.Single(Folds.Paper(FakeCorpus.Full(devices: 2, sentences: 642)));

        Assert.Equal((2 * 514, 2 * 128), (split.Train.Recordings.Count, split.Test.Recordings.Count));
        Assert.Equal("514", split.Train.Recordings.Max(r => r.Sentence));
        Assert.Equal("515", split.Test.Recordings.Min(r => r.Sentence));
    }

    [Fact]
    public void The_papers_split_of_the_public_part_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<CorpusException>(() => Folds.Paper(FakeCorpus.Full(devices: 2, sentences: 5)));
        Assert.Contains("leave one sentence out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dividing_words_by_index_is_an_error()
    {
        var corpus = new Corpus("words", [FakeCorpus.Recording("a", "hello"), FakeCorpus.Recording("a", "there")], []);
        Assert.Contains("'hello'", Assert.Throws<CorpusException>(() => Folds.ByIndex(corpus, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grouped_folds_are_balanced_and_follow_the_seed()
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
    public void An_impossible_number_of_folds_is_an_error(int folds) =>
        Assert.Throws<CorpusException>(() => Folds.Grouped(FakeCorpus.Full(devices: 2, sentences: 5), folds, 1));

    [Fact]
    public void Held_out_speakers_are_heard_by_no_training_and_their_sentences_leave_it()
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
    public void Unknown_speakers_cannot_be_held_out()
    {
        var corpus = new Corpus("no speakers", [FakeCorpus.Recording("a", "1"), FakeCorpus.Recording("a", "2")], []);
        Assert.Contains("who speaks", Assert.Throws<CorpusException>(() => Folds.HeldOutSpeakers(corpus, 2, 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_with_a_sentence_on_both_sides_cannot_be_made() =>
        Assert.Contains("both sides", Refusal([FakeCorpus.Recording("a", "1", "x")], [FakeCorpus.Recording("a", "1", "y")]),
            StringComparison.Ordinal);

    [Fact]
    public void A_split_with_one_files_contents_on_both_sides_cannot_be_made() =>
        Assert.Contains("contents", Refusal([FakeCorpus.Recording("a", "1", "x")], [FakeCorpus.Recording("a", "2", "x")]),
            StringComparison.Ordinal);

    [Fact]
    public void A_split_that_leaves_a_device_untrained_cannot_be_made() =>
        Assert.Contains("'a'", Refusal([], [FakeCorpus.Recording("a", "2")]), StringComparison.Ordinal);

    [Fact]
    public void A_split_without_a_test_cannot_be_made() =>
        Assert.Contains("no test", Refusal([FakeCorpus.Recording("a", "1")], []), StringComparison.Ordinal);

    private static string Refusal(Recording[] train, Recording[] test) =>
        Assert.Throws<CorpusException>(() => new Split("bad", new TrainSet(["a"], train), new TestSet(["a"], test))).Message;

    private static void AssertSound(Corpus corpus, Split split)
    {
        Assert.NotEmpty(split.Test.Recordings);
        foreach (var test in split.Test.Recordings)
            Assert.DoesNotContain(split.Train.Recordings, train => train.Sentence == test.Sentence || train.Hash == test.Hash);
        Assert.Equal(corpus.Devices, split.Train.Recordings.Select(r => r.Device).Distinct().Order(StringComparer.Ordinal));
    }
}

using DeviceId.Corpora;
using DeviceId.Experiments;

namespace DeviceId.Tests.Experiments;

public sealed class PermutationControlTests
{
    [Fact]
    public void LabelsArePermutedWithinEachSentenceAndNothingElseChanges()
    {
        var split = Folds.LeaveOneSentenceOut(Corpus(20, 4))[0];
        var permuted = split.Train.WithPermutedDevices(1);
        Assert.Equal(split.Train.Recordings.Select(r => r.Path), permuted.Recordings.Select(r => r.Path));
        foreach (var sentence in permuted.Recordings.GroupBy(r => r.Sentence))
            Assert.Equal(split.Train.Devices, sentence.Select(r => r.Device).Order(StringComparer.Ordinal));

        // Each of 60 recordings keeps its label with probability 1/20: 3 are expected, and more than 10 occur once in 10,000 seeds.
        Assert.InRange(split.Train.Recordings.Zip(permuted.Recordings, (a, b) => a.Device == b.Device).Count(same => same), 0, 10);
        Assert.Equal(permuted.Recordings, split.Train.WithPermutedDevices(1).Recordings);
        Assert.NotEqual(permuted.Recordings, split.Train.WithPermutedDevices(2).Recordings);
    }

    [Fact]
    public void WhereSentencesHaveOneDeviceLabelsArePermutedOverAllRecordings()
    {
        // Every recording is a sentence of its own, so that labels cannot be permuted within sentences.
        var recordings = new TrainSet([.. Enumerable.Range(0, 4).Select(d => $"d{d:00}")],
            Corpus(4, 10).Recordings.Select(r => r with { Sentence = r.Hash }));
        var permuted = recordings.WithPermutedDevices(1);
        Assert.Equal(recordings.Recordings.Select(r => r with { Device = "" }), permuted.Recordings.Select(r => r with { Device = "" }));
        Assert.All(permuted.Recordings.CountBy(r => r.Device), name => Assert.Equal(10, name.Value));

        // Each of 40 recordings keeps its label with probability 1/4: 10 are expected, and more than 20 occur once in 10,000 seeds.
        Assert.InRange(recordings.Recordings.Zip(permuted.Recordings, (a, b) => a.Device == b.Device).Count(same => same), 0, 20);
        Assert.Equal(permuted.Recordings, recordings.WithPermutedDevices(1).Recordings);
        Assert.NotEqual(permuted.Recordings, recordings.WithPermutedDevices(2).Recordings);
    }

    [Fact]
    public void AControlHasItsOwnKeyAndDoesNotChangeTheKeysOfOtherTrials()
    {
        var profile = Profile.Named("smoke");
        var variant = new Variant("PSTNN", profile.Settings);
        Assert.DoesNotContain("permuted", DeviceId.Foundation.Json.WriteCompact(variant.Settings), StringComparison.OrdinalIgnoreCase);
        string Key(Variant v) => new Trial(v.Settings, "corpus", "split", 1).Key;
        Assert.NotEqual(Key(variant), Key(PermutationControl.Permute(variant)));
        Assert.NotEqual(Key(PermutationControl.Permute(variant, 1)), Key(PermutationControl.Permute(variant, 2)));
    }

    [Fact]
    public void ASystemAboveChanceIsFoundAndOneAtChanceIsNot()
    {
        // 45 recordings of 45 devices: 1 correct answer is expected by chance. 6 correct: p = 1 - F(5; 45, 1/45) = 0.0004.
        var (sentences, passed) = PermutationControl.Test([Result("honest", 1), Result("leaking", 6)]);
        Assert.False(passed);
        Assert.EndsWith("at chance", sentences[0], StringComparison.Ordinal);
        Assert.Contains("ABOVE CHANCE", sentences[1], StringComparison.Ordinal);
        Assert.True(PermutationControl.Test([Result("none right", 0), Result("honest", 2)]).Passed);
    }

    private static VariantResult Result(string name, int right)
    {
        var settings = Profile.Smoke.Settings;
        var truth = Enumerable.Range(0, 45).ToArray();
        int[] predicted = [.. truth.Select(t => t < right ? t : (t + 1) % 45)];
        var result = new TrialResult
        {
            Key = name, LibraryVersion = Trial.LibraryVersion, Settings = settings, CorpusName = "by hand", Corpus = "0",
            IsSimulated = true, Split = "one", Seed = 1, Finished = DateTime.UnixEpoch,
            Environment = new("machine", "cpu", 1, "system", "runtime", "torch"), Epochs = [], Parameters = 1,
            Devices = [.. truth.Select(d => $"device {d}")], Recordings = [.. truth.Select(r => $"r{r}")], Truth = truth,
            RecordingOf = truth, Times = new(1, 2, 3),
            Outputs = new Dictionary<string, OutputAnswers> { [TrialOutput.Deep] = new(predicted, predicted) },
        };
        return new VariantResult(new Variant(name, settings), [result]);
    }

    private static Corpus Corpus(int devices, int sentences) => new("made",
        from device in Enumerable.Range(0, devices)
        from sentence in Enumerable.Range(0, sentences)
        select new Recording($"/{device:00}/{sentence}.wav", $"d{device:00}", $"s{sentence}", $"{device}-{sentence}", 8000, 1), []);
}

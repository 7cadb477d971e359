using DeviceId.Corpora;
using DeviceId.Experiments;

namespace DeviceId.Tests.Experiments;

public sealed class PermutationControlTests
{
    [Fact]
    public void The_names_are_dealt_out_anew_within_each_sentence_and_nothing_else_changes()
    {
        var split = Folds.LeaveOneSentenceOut(Corpus(20, 4))[0];
        var dealt = split.Train.WithPermutedDevices(1);
        Assert.Equal(split.Train.Recordings.Select(r => r.Path), dealt.Recordings.Select(r => r.Path));
        foreach (var sentence in dealt.Recordings.GroupBy(r => r.Sentence))
            Assert.Equal(split.Train.Devices, sentence.Select(r => r.Device).Order(StringComparer.Ordinal));
        // 60 recordings keep their name once in 20 times: 3 are expected, and more than 10 come once in 10,000 seeds.
        Assert.InRange(split.Train.Recordings.Zip(dealt.Recordings, (a, b) => a.Device == b.Device).Count(same => same), 0, 10);
        Assert.Equal(dealt.Recordings, split.Train.WithPermutedDevices(1).Recordings);
        Assert.NotEqual(dealt.Recordings, split.Train.WithPermutedDevices(2).Recordings);
    }

    [Fact]
    public void Where_a_sentence_has_one_device_the_names_are_dealt_out_over_all_recordings()
    {
        // Own file names: no sentence is shared, and within one there is nothing to deal out.
        var unshared = new TrainSet([.. Enumerable.Range(0, 4).Select(d => $"d{d:00}")],
            Corpus(4, 10).Recordings.Select(r => r with { Sentence = r.Hash }));
        var dealt = unshared.WithPermutedDevices(1);
        Assert.Equal(unshared.Recordings.Select(r => r with { Device = "" }), dealt.Recordings.Select(r => r with { Device = "" }));
        Assert.All(dealt.Recordings.CountBy(r => r.Device), name => Assert.Equal(10, name.Value));
        // One of four recordings keeps its name: 10 of 40 are expected, and more than 20 come once in 10,000 seeds.
        Assert.InRange(unshared.Recordings.Zip(dealt.Recordings, (a, b) => a.Device == b.Device).Count(same => same), 0, 20);
        Assert.Equal(dealt.Recordings, unshared.WithPermutedDevices(1).Recordings);
        Assert.NotEqual(dealt.Recordings, unshared.WithPermutedDevices(2).Recordings);
    }

    [Fact]
    public void A_control_has_a_key_of_its_own_and_leaves_the_keys_of_true_trials_as_they_are()
    {
        var profile = Profile.Named("smoke");
        var variant = new Variant("PSTNN", profile.Settings);
        Assert.DoesNotContain("permuted", DeviceId.Foundation.Json.WriteCompact(variant.Settings), StringComparison.OrdinalIgnoreCase);
        string Key(Variant v) => new Trial(v.Settings, "corpus", "split", 1).Key;
        Assert.NotEqual(Key(variant), Key(PermutationControl.Permute(variant)));
        Assert.NotEqual(Key(PermutationControl.Permute(variant, 1)), Key(PermutationControl.Permute(variant, 2)));
    }

    [Fact]
    public void A_system_that_knows_more_than_chance_is_found_and_one_at_chance_is_not()
    {
        // 45 recordings of 45 devices: one right is what chance gives. Six right: 1 - F(5; 45, 1/45) = 0.0004.
        var (sentences, passed) = PermutationControl.Judge([Result("honest", 1), Result("leaking", 6)]);
        Assert.False(passed);
        Assert.EndsWith("at chance", sentences[0], StringComparison.Ordinal);
        Assert.Contains("ABOVE CHANCE", sentences[1], StringComparison.Ordinal);
        Assert.True(PermutationControl.Judge([Result("none right", 0), Result("honest", 2)]).Passed);
    }

    private static VariantResult Result(string name, int right)
    {
        var settings = Profile.Smoke.Settings;
        var truth = Enumerable.Range(0, 45).ToArray();
        int[] given = [.. truth.Select(t => t < right ? t : (t + 1) % 45)];
        return new VariantResult(new Variant(name, settings), [new TrialResult
        {
            Key = name, LibraryVersion = Trial.LibraryVersion, Settings = settings, CorpusName = "by hand", Corpus = "0",
                IsSimulated = true, Split = "one", Seed = 1, Finished = DateTime.UnixEpoch,
            Environment = new("machine", "cpu", 1, "system", "runtime", "torch"), Epochs = [], Parameters = 1,
                Devices = [.. truth.Select(d => $"device {d}")],
            Recordings = [.. truth.Select(r => $"r{r}")], Truth = truth, RecordingOf = truth, Outputs = new Dictionary<string,
                OutputAnswers> { [TrialOutput.Deep] = new(given, given) }, Times = new(1, 2, 3),
        }]);
    }

    private static Corpus Corpus(int devices, int sentences) => new("made",
        from device in Enumerable.Range(0, devices)
        from sentence in Enumerable.Range(0, sentences)
        select new Recording($"/{device:00}/{sentence}.wav", $"d{device:00}", $"s{sentence}", $"{device}-{sentence}", 8000, 1), []);
}

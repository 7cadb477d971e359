using DeviceId.Classifiers;
using DeviceId.Corpora;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Tests.Soak;
using static TorchSharp.torch;

namespace DeviceId.Tests.Experiments.Search;

[Collection(TensorCollection.Name)]
public sealed class SettingsSearchTests : IDisposable
{
    private readonly SingleThread _thread = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _thread.Dispose();
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void TheCandidateThatIsBestOnHeldOutTrainingSentencesIsTrainedAndAllAreStored()
    {
        var corpus = SimulatedCorpus.Open(SweepProcess.Profile.Simulated, _folder.Path);
        var split = Folds.LeaveOneSentenceOut(corpus)[0];
        var pipeline = new Pipeline(_folder.File("features"), CPU);
        using var runner = new TrialRunner(corpus, pipeline);
        var searched = Shared.Searching(("always the first", Guessing), ("baseline", s => s), ("always the first again", Guessing));
        TrialResult Run(TrialSettings settings) => runner.Run(new Trial(settings, corpus.Fingerprint, split.Name, 1), split).Result;
        var (result, plain) = (Run(searched), Run(Shared));

        Assert.Equal("baseline", result.Search!.Chosen);
        Assert.Null(plain.Search);
        Assert.Equal(Json.Write(plain.Outputs), Json.Write(result.Outputs));
        Assert.Equal(searched, result.Settings);

        // As many inner splits as training sentences, none of them the tested one; guessing is right for one device's share.
        var sentences = split.Train.Recordings.Select(recording => recording.Sentence).Distinct().Select(name => $"sentence-{name}");
        Assert.Equal(sentences.Order(), result.Search.Folds.Order());
        Assert.All(result.Search.Rows, row => Assert.Equal(result.Search.Folds.Count, row.Accuracies.Count));
        Assert.Equal(result.Search.Rows[0].Accuracies, result.Search.Rows[2].Accuracies);
        Assert.True(result.Search.Rows[1].Accuracies.Average() > result.Search.Rows[0].Accuracies.Average());
    }

    [Fact]
    public void SettingsThatAreSearchedHaveAnotherKeyAndSayHowManyThereAre()
    {
        var searched = Shared.Searching(("one", s => s), ("two", s => s with { Sentences = 0 }));
        Assert.Empty(searched.Problems());
        Assert.NotEqual(new Trial(Shared, "c", "s", 1).Key, new Trial(searched, "c", "s", 1).Key);
        Assert.Contains("best of 2 settings", SettingsDifference.Describe(Shared, searched), StringComparison.Ordinal);
        Assert.Equal(Json.Write(searched), Json.Write(Json.Read<TrialSettings>(Json.Write(searched))));
        Assert.DoesNotContain("candidates", Json.WriteKey(Shared), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "There are 0 Candidates")]
    [InlineData(13, "There are 13 Candidates")]
    public void OneToTwelveCandidatesCanBeSearched(int count, string problem)
    {
        static TrialSettings Same(TrialSettings settings) => settings;
        var searched = Shared.Searching([.. Enumerable.Range(0, count).Select(i => ($"{i}", (Func<TrialSettings, TrialSettings>)Same))]);
        Assert.StartsWith(problem, Assert.Single(searched.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void CandidatesNeedNamesOfTheirOwnAndValidSettings()
    {
        Assert.Single(Shared.Searching(("same", s => s), ("same", s => s)).Problems());
        var needy = Shared.Searching(("fine", s => s), ("needs supervectors", s => s with { Classifier = new GsvSvmOptions() }));
        Assert.StartsWith("Candidate 'needs supervectors': GSV-SVM needs supervectors", Assert.Single(needy.Problems()),
            StringComparison.Ordinal);
    }

    private static TrialSettings Shared => SweepProcess.Profile.Settings.AsBaseline();

    private static TrialSettings Guessing(TrialSettings settings) => settings with
    {
        Classifier = new CustomClassifier("always the first v1", train => samples =>
        {
            var scores = zeros([samples.Segments.shape[0], train.Devices.Count], device: CPU);
            scores.narrow(1, 0, 1).fill_(1);
            return scores;
        }),
    };
}

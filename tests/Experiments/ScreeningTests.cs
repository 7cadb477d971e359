using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Tests.Corpora;

namespace DeviceId.Tests.Experiments;

public sealed class ScreeningTests
{
    private static readonly Profile Profile = Profile.Standard;

    private static readonly DeviceId.Corpora.Corpus Corpus = FakeCorpus.Full(devices: 3, sentences: 4);

    /// <summary>Eight systems; the first is the reference, and system i answers i of ten segments rightly.</summary>
    private static readonly Variant[] Variants =
        [.. Enumerable.Range(0, 8).Select(i => new Variant($"{i}", Profile.Settings with { Sentences = i }))];

    [Fact]
    public void AllSystemsRunOnTwoSplitsAndTheReferenceAndTheBestFiveOnAll()
    {
        var screening = new Screening(Profile, Corpus);
        Assert.Equal(2, screening.FirstRound.Splits(Corpus).Count);
        var chosen = screening.Choose(Variants, Result)!;
        Assert.Equal(["0", "7", "6", "5", "4", "3"], chosen.Select(variant => variant.Name));
        Assert.Equal(4, screening.Trials(Variants[7], chosen).Count);
        Assert.Equal(4, screening.Trials(Variants[0], chosen).Count);
        Assert.Equal(screening.Trials(Variants[7], chosen).Take(2).Select(trial => trial.Split),
            screening.Trials(Variants[1], chosen).Select(trial => trial.Split));
    }

    [Fact]
    public void ASystemIsRankedByItsFirstConditionAndRunUnderAll()
    {
        // The second condition of system i is best for small i, and must not count.
        Variant[] both = [.. Variants.SelectMany(clean => new[]
        {
            clean, clean with { Name = clean.Name + ", noisy", System = clean.Name, Condition = "noisy",
                Settings = Profile.Settings with { Sentences = 10 - clean.Settings.Sentences } },
        })];
        var chosen = new Screening(Profile, Corpus).Choose(both, Result)!;
        Assert.Equal(["0", "0, noisy", "7", "7, noisy", "6", "6, noisy", "5", "5, noisy", "4", "4, noisy", "3", "3, noisy"],
            chosen.Select(variant => variant.Name));
    }

    [Fact]
    public void NothingIsChosenBeforeTheFirstRoundIsComplete()
    {
        var screening = new Screening(Profile, Corpus);
        var missing = Experiment.Trials(Variants[3], screening.FirstRound, Corpus)[1].Key;
        Assert.Null(screening.Choose(Variants, trial => trial.Key == missing ? null : Result(trial)));
    }

    [Fact]
    public void WithTwoSplitsOrFewerAllSystemsRunOnAllOfThem()
    {
        var screening = new Screening(Profile.Quick, Corpus);
        var chosen = screening.Choose(Variants, Result)!;
        Assert.All(Variants, variant => Assert.Equal("sentence-001", Assert.Single(screening.Trials(variant, chosen)).Split));
    }

    [Fact]
    public void ASizeTriesItsNumberOfSettingsAndNoneIsASearchOfOne()
    {
        IReadOnlyList<Variant> Make(TrialSettings shared) =>
            [new("searched", shared.AsBaseline().Searching([1, 2, 3], (settings, value) => settings with { Sentences = 0 }))];
        Assert.Equal(3, Assert.Single(Profile.Standard.Variants(Make)).Settings.Candidates!.Count);
        Assert.Equal(["1", "2"], Assert.Single((Profile.Standard with { MaxCandidates = 2 }).Variants(Make)).Settings.Candidates!
            .Select(candidate => candidate.Name));
        Assert.Equal(Profile.Quick.Settings.AsBaseline(), Assert.Single(Profile.Quick.Variants(Make)).Settings);
        Assert.Single((Profile.Quick with { MaxCandidates = 0 }).Problems());
    }

    private static TrialResult Result(Trial trial)
    {
        var right = trial.Settings.Sentences;
        return new TrialResult
        {
            Key = trial.Key, LibraryVersion = Trial.LibraryVersion, Settings = trial.Settings, CorpusName = "by hand",
            Corpus = trial.Corpus, IsSimulated = false, Split = trial.Split, Seed = 1, Finished = DateTime.UnixEpoch,
            Environment = new RunEnvironment("machine", "cpu", 1, "system", "runtime", "torch"), Epochs = [], Devices = ["a", "b"],
            Recordings = ["r"], Truth = [0], RecordingOf = [.. Enumerable.Repeat(0, 10)], Times = new TrialTimes(1, 1, 1),
            Outputs = new Dictionary<string, OutputAnswers>
            {
                [TrialOutput.Deep] = new([.. Enumerable.Range(0, 10).Select(i => i < right ? 0 : 1)], [0]),
            },
        };
    }
}

using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Tests.Notebooks;
using DeviceId.Tests.Soak;
using static TorchSharp.torch;

namespace DeviceId.Tests.Experiments;

/// <summary>The robustness study on four simulated phones, with two tiny networks and the baseline.</summary>
[Collection(TensorCollection.Name)]
public sealed class RobustnessStudyTests : IDisposable
{
    private static readonly Profile Tiny = SweepProcess.Profile with
    {
        Degradations =
        [
            new AddedNoise(NoiseColour.White, 10), new Gain(-12), new Trimming(1), new CodecRoundTrip(LossyCodec.AmrWideband, 12.65),
        ],
        DegradedCopies = 1,
        Seeds = [1],
    };

    private readonly SingleThread _thread = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _thread.Dispose();
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void ASentenceIsComputedOnceAndWithoutDegradationTheCleanNetworkAnswersAsInTheCatalogue()
    {
        var corpus = SimulatedCorpus.Open(Tiny.Simulated, _folder.Path);
        var reports = new List<WorkProgress>();
        var study = Study(corpus, Tiny, new Collected(reports));
        var result = study.Run(TestContext.Current.CancellationToken);

        // AMR is tested if there is an encoder, and listed as untested if there is none.
        var tested = Tiny.Degradations.Where(degradation => degradation.WhyUnavailable() is null).ToList();
        Assert.Equal(Tiny.Degradations.Except(tested).Select(degradation => $"{degradation.Name}: {degradation.WhyUnavailable()}"),
            study.Untested);
        Assert.Equal(study.Untested, result.Splits[0].Untested);
        Assert.Equal((1 + tested.Count) * 3, result.Rows.Count);
        Assert.All(result.Rows, row => Assert.Equal(corpus.Devices.Count, row.Recordings.Count));
        Assert.All(result.Rows.GroupBy(row => row.Condition.Label),
            systems => Assert.Single(systems.Select(row => string.Join(' ', row.Segments.Select(a => (a.Item, a.Truth)))).Distinct()));
        Assert.Equal(tested.Select(degradation => degradation.Name), result.Names);
        Assert.True(reports.Count(r => r.Work.EndsWith("degraded test recordings", StringComparison.Ordinal)) > tested.Count);

        // The same training in another way: features from files instead of clips, and answers from a trial.
        using var runner = new TrialRunner(corpus, new Pipeline(_folder.File("trial"), CPU));
        var finer = NotebookVariants.Of("06-systems", Tiny).Single(v => v.Name == "PSTNN on a finer spectrum");
        var trial = Experiment.Trials(finer, Tiny, corpus)[0];
        var trialResult = runner.Run(trial, Tiny.Splits(corpus)[0]).Result;
        Assert.Equal(trialResult.Segments(TrialOutput.Deep), result.Clean(RobustnessSystem.TrainedClean).Segments);

        // Another store finds the result: no progress is reported, and the finishing time is that of the first run.
        reports.Clear();
        var again = Study(corpus, Tiny, new Collected(reports)).Run(TestContext.Current.CancellationToken);
        Assert.Empty(reports);
        Assert.Equal(Json.Write(result.Splits[0]), Json.Write(again.Splits[0]));

        // A damaged result is reported and computed again, with the same answers and the existing copies.
        var file = Assert.Single(Directory.GetFiles(_folder.File("results"), "*.json"));
        File.WriteAllText(file, File.ReadAllText(file)[..200]);
        var store = new RobustnessStore(_folder.File("results"));
        var repaired = new RobustnessStudy(corpus, Tiny, _folder.File("cache"), store, CPU).Run(TestContext.Current.CancellationToken);
        Assert.Contains(file, Assert.Single(store.Damaged), StringComparison.Ordinal);
        Assert.Equal(Json.Write(result.Splits[0].Conditions), Json.Write(repaired.Splits[0].Conditions));
    }

    /// <summary>
    /// An epoch of all samples, including the degraded copies, would take twice as many steps, so that the comparison would be unfair.
    /// </summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public void BothNetworksTakeTheSameNumberOfStepsEvenIfAnEpochDrawsAllSamples()
    {
        var all = Tiny with { Training = Tiny.Training with { Epochs = 1, SamplesPerEpoch = 0 }, Degradations = [new Gain(-12)] };
        var reports = new List<WorkProgress>();
        Study(SimulatedCorpus.Open(all.Simulated, _folder.Path), all, new Collected(reports)).Run(TestContext.Current.CancellationToken);
        long Steps(string network) => Assert.Single(reports.Where(r => r.Work.EndsWith(network, StringComparison.Ordinal))
            .Select(r => r.Total).Distinct());
        Assert.True(Steps(": clean network") > 1);
        Assert.Equal(Steps(": clean network"), Steps(": network trained on degraded copies"));
    }

    [Fact]
    public void TheKeyDependsOnEverythingThatDeterminesTheResultAndOnNothingElse()
    {
        var corpus = SimulatedCorpus.Open(Tiny.Simulated, _folder.Path);
        var splits = Folds.LeaveOneSentenceOut(corpus);
        string Key(Profile profile, int split = 0) => Study(corpus, profile).Key(splits[split]);
        string[] keys =
        [
            Key(Tiny), Key(Tiny, split: 1), Key(Tiny with { Seeds = [2] }), Key(Tiny with { DegradedCopies = 2 }),
            Key(Tiny with { Degradations = [.. Tiny.Degradations.Skip(1)] }),
            Key(Tiny with { Degradations = [new AddedNoise(NoiseColour.White, 11), .. Tiny.Degradations.Skip(1)] }),
            Key(Tiny with { Training = Tiny.Training with { Epochs = 5 } }),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], Key(Tiny with { Folds = 0, Name = "another" }));
    }

    [Fact]
    public void CopiesAreOnTheSideOfTheirOriginalsAndAreMadeOnce()
    {
        var corpus = SimulatedCorpus.Open(Tiny.Simulated, _folder.Path);
        var split = Folds.LeaveOneSentenceOut(corpus)[0];
        var copies = new DegradedCopies(_folder.File("copies"), seed: 1).Make(split.Train.Recordings, 2);
        Assert.Equal(split.Train.Recordings.SelectMany(r => new[] { (r.Device, r.Sentence), (r.Device, r.Sentence) }),
            copies.Select(r => (r.Device, r.Sentence)));
        var hashes = copies.Select(r => r.Hash).Concat(corpus.Recordings.Select(r => r.Hash)).Distinct();
        Assert.Equal(copies.Count, hashes.Count() - corpus.Recordings.Count);
        Assert.All(copies, copy => Assert.Equal(copy.Hash, ContentHash.HashFile(copy.Path)));
        Assert.All(copies, copy => Assert.Equal(copy.SampleRate, AudioFile.Read(copy.Path).SampleRate));

        // A split that trains on them is accepted, and one that also tests on their sentence is refused.
        var augmented = new TrainSet(corpus.Devices, [.. split.Train.Recordings, .. copies]);
        _ = new Split("with copies", augmented, split.Test);
        Assert.Throws<CorpusException>(() => new Split("leaks", augmented, new TestSet(corpus.Devices, copies.Take(1))));

        var written = copies.ToDictionary(copy => copy.Path, copy => File.GetLastWriteTimeUtc(copy.Path));
        Assert.Equal(copies, new DegradedCopies(_folder.File("copies"), seed: 1).Make(split.Train.Recordings, 2));
        Assert.All(written, pair => Assert.Equal(pair.Value, File.GetLastWriteTimeUtc(pair.Key)));
        Assert.Empty(copies.Select(c => c.Hash)
            .Intersect(new DegradedCopies(_folder.File("others"), seed: 2).Make(split.Train.Recordings, 2).Select(c => c.Hash)));
    }

    [Fact]
    public void TrainingUsesNoTestedStrengthAndEveryKindThatItIsSaidToUse()
    {
        var random = new SplitMix64(5);
        var drawn = Enumerable.Range(0, 3000).Select(_ => TrainingDegradations.Draw(random)).ToList();
        Assert.All(drawn, degradation => Assert.Empty(degradation.Problems()));
        Assert.Equal(TrainingDegradations.Names.Order(), drawn.Select(d => d.Name).Distinct().Order());
        Assert.Empty(drawn.Select(d => d.Identity).Intersect(TestDegradations.All.Select(d => d.Identity)));
        var expected = 3000 / TrainingDegradations.Names.Count;
        Assert.All(drawn.GroupBy(d => d.Name), kind => Assert.InRange(kind.Count(), expected * 0.8, expected * 1.2));
        Assert.All(drawn, degradation => Assert.True(TrainingDegradations.IsSeen(degradation)));
        Degradation[] unseen =
        [
            new AddedNoise(NoiseColour.Pink, 10), new CodecRoundTrip(LossyCodec.Aac, 32), new CodecRoundTrip(LossyCodec.Opus, 16),
            new CodecRoundTrip(LossyCodec.AmrNarrowband, 12.2), new Trimming(1),
        ];
        Assert.All(unseen, degradation => Assert.False(TrainingDegradations.IsSeen(degradation)));
    }

    [Fact]
    public void TheTestDegradationsAreValidDistinctAndComplete()
    {
        var all = TestDegradations.All;
        Assert.All(all, degradation => Assert.Empty(degradation.Problems()));
        Assert.Equal(all.Count, all.Select(d => d.Label).Distinct().Count());
        var noise = all.OfType<AddedNoise>().ToList();
        Assert.Equal((0, 30), (noise.Min(n => n.SignalToNoiseDecibels), noise.Max(n => n.SignalToNoiseDecibels)));
        Assert.Equal(Enum.GetValues<LossyCodec>(), all.OfType<CodecRoundTrip>().Select(c => c.Codec).Distinct());
        Assert.Equal([16000, 8000], all.OfType<RateRoundTrip>().Select(r => r.SampleRate));
        Assert.Equal(all.Select(d => d.Name).Distinct(), TestDegradations.Few.Select(d => d.Name));
    }

    /// <summary>
    /// Notebook 09 and the README's table show the results in the repository; a change of settings must not orphan them unnoticed.
    /// </summary>
    [Fact]
    public void TheCommittedResultsAreFound()
    {
        var corpus = CcnuMobile.Open(TestPaths.RealData("ccnu-mobile"));
        var study = Study(corpus, Profile.Standard);
        var store = new RobustnessStore(Path.Combine(TestPaths.Root, "data", "results", "robustness"));
        Assert.All(Profile.Standard.Splits(corpus), split => Assert.NotNull(store.Find(study.Key(split), _ => true)));
        Assert.Empty(store.Damaged);
    }

    private RobustnessStudy Study(Corpus corpus, Profile profile, IProgress<WorkProgress>? work = null) =>
        new(corpus, profile, _folder.File("cache"), new RobustnessStore(_folder.File("results")), CPU) { Work = work };

    private sealed class Collected(List<WorkProgress> reports) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => reports.Add(value);
    }
}

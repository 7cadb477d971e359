using DeviceId.Corpora;
using DeviceId.Degradations;
using DeviceId.Evaluation;
using DeviceId.Experiments;
using DeviceId.Foundation;
using DeviceId.Identification;
using static TorchSharp.torch;

namespace DeviceId.Tests.Identification;

[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class PhoneModelStudyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AStudyTestsEveryHeldOutRecordingAndIsFoundAgain()
    {
        var corpus = SimulatedCorpus.Open(new SimulatedCorpusOptions
        {
            Brands = 3, ModelsPerBrand = 2, UnitsPerModel = 1, Sentences = 4, Speakers = 4, SecondsPerSentence = 4, SampleRate = 16_000
        }, _folder.Path);
        var store = new EvidenceStore(_folder.File("studies"));
        var reports = new List<WorkProgress>();
        var options = SmallModel.Options.WithTraining(training => training with { Epochs = 2 });
        var evidence = store.FindOrStudy(corpus, options, 1, _folder.File("cache"), CPU, new Listener(reports));
        Assert.Equal(6, evidence.Recordings.Count);
        Assert.All(evidence.Recordings, r => Assert.Equal("001", r.Sentence));
        Assert.Equal(24, evidence.Segments.Count);
        // Five groups of unknown devices: each device is unknown once and known four times.
        Assert.Equal((24, 6), (evidence.Unknowns.Count(u => u.IsKnown), evidence.Unknowns.Count(u => !u.IsKnown)));
        Assert.Equal(24, evidence.Trials.Count(t => t.TrueDevice == t.ClaimedDevice));
        // A recording of four seconds is long enough for an inserted segment of one second, which comes from the next device in order.
        var devices = evidence.Recordings.Select(r => r.TrueDevice).ToList();
        Assert.Equal(devices.Select(d => (d, d, 0.0)).Order(),
            evidence.Splices.Where(s => s.Seconds == 0).Select(s => (s.TrueDevice, s.Inserted, s.Seconds)).Order());
        Assert.Equal(
            devices.Select((d, i) => (d, devices[(i + 1) % devices.Count], 1.0)).Order(),
            evidence.Splices.Where(s => s.Seconds > 0).Select(s => (s.TrueDevice, s.Inserted, s.Seconds)).Order());
        Assert.Equal((6, 6L), (reports.Count, reports[^1].Done));

        var again = store.FindOrStudy(corpus, options, 1, _folder.File("elsewhere"), CPU);
        Assert.Equal(Json.WriteCompact(evidence), Json.WriteCompact(again));
        Assert.False(Directory.Exists(_folder.File("elsewhere")));
        Assert.NotEqual(EvidenceStore.Key(corpus, options, 1), EvidenceStore.Key(corpus, options, 2));
        // A damaged file is reported, and the study is computed again.
        Assert.Empty(store.Damaged);
        var file = Assert.Single(Directory.GetFiles(_folder.File("studies"), "*.json"));
        File.WriteAllText(file, "{");
        Assert.Equal(6, store.FindOrStudy(corpus, options, 1, _folder.File("cache"), CPU).Recordings.Count);
        Assert.Contains(file, Assert.Single(store.Damaged), StringComparison.Ordinal);
        foreach (var (invalid, reason) in new[]
        {
            (evidence with { Fingerprint = new string('0', 64) }, "other recordings"),
            (evidence with { Recordings = [] }, "no answers"),
            (evidence with { Segments = [evidence.Segments[0] with { Probability = 1.5 }] }, "probability"),
            (evidence with { Unknowns = [evidence.Unknowns[0]] }, "unknown devices"),
            (evidence with { Trials = [evidence.Trials[0] with { Score = double.MaxValue }, evidence.Trials[0]] }, "likelihood ratio"),
            (evidence with { Splices = [evidence.Splices[0] with { Seconds = -1 }] }, "inserted segment"),
        })
        {
            var key = Path.GetFileNameWithoutExtension(file);
            File.WriteAllText(file, Json.WriteCompact(invalid));
            var other = new EvidenceStore(_folder.File("studies"));
            Assert.Null(other.Find<PhoneModelEvidence>(key, corpus.Fingerprint, options, _ => true));
            Assert.Contains(reason, Assert.Single(other.Damaged), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AModelThatCannotBeTrainedIsReportedBeforeTheStudyBeginsAndUnsharedSentencesGiveNoSplices()
    {
        var simulated = SimulatedCorpus.Open(new SimulatedCorpusOptions
        {
            Brands = 2, ModelsPerBrand = 1, UnitsPerModel = 1, Sentences = 4, Speakers = 4, SecondsPerSentence = 4, SampleRate = 16_000
        }, _folder.Path);
        // The second device has recordings of two of the four sentences: without one of these it has too few recordings for the folds.
        var (first, second) = (simulated.Devices[0], simulated.Devices[1]);
        var uneven = simulated.Subset(r => r.Device == first || r.Sentence is "003" or "004");
        var reports = new List<WorkProgress>();
        var error = Assert.Throws<CorpusException>(() =>
            PhoneModelStudy.Run(uneven, SmallModel.Options, _folder.File("cache"), CPU, 0, new Listener(reports)));
        Assert.Contains($"'{second}'", error.Message, StringComparison.Ordinal);
        Assert.Empty(reports);

        // With two devices none can be held out as unknown. Each recording has a sentence of its own, so no other device has one that could
        // be inserted.
        var own = new Corpus("own", simulated.Recordings.Select(r => r with { Sentence = $"{r.Device} {r.Sentence}" }), []);
        var options = SmallModel.Options.WithTraining(training => training with { Epochs = 1 });
        var evidence = PhoneModelStudy.Run(own, options, _folder.File("cache"), CPU, 1);
        Assert.Single(evidence.Recordings);
        Assert.Equal([2.0, 1.0], evidence.Beginnings.Select(b => b.Seconds).OrderDescending());
        Assert.Empty(evidence.Unknowns);
        Assert.Empty(evidence.Trials);
        Assert.Equal(0, Assert.Single(evidence.Splices).Seconds);
    }

    [Fact]
    public void ModelsWarnOfNoiseAndRarelyOfUndegradedRecordings()
    {
        var corpus = SimulatedCorpus.Open(new SimulatedCorpusOptions
        {
            Brands = 3, ModelsPerBrand = 2, UnitsPerModel = 1, Sentences = 4, Speakers = 4, SecondsPerSentence = 4, SampleRate = 16_000
        }, _folder.Path);
        var store = new EvidenceStore(_folder.File("studies"));
        Degradation[] degradations = [new AddedNoise(NoiseColour.White, 10), new Trimming(1),
            new CodecRoundTrip(LossyCodec.AmrWideband, 12.65)];
        var evidence = store.FindOrStudyWarnings(corpus, SmallModel.Options, degradations, 0, _folder.File("cache"), CPU);
        var tested = degradations.Where(d => d.WhyUnavailable() is null).ToList();
        Assert.Equal([RobustnessCondition.Untouched, .. tested.Select(d => d.Label)], evidence.Rows.Select(row => row.Label));
        Assert.Equal(degradations.Length - tested.Count, evidence.Untested.Count);
        Assert.All(evidence.Rows, row => Assert.Equal(24, row.Recordings));
        // Of the 24 undegraded recordings 2 % should be distant; noise at 10 dB moves all of them outside the range of the 12 simulated
        // training recordings.
        Assert.InRange(evidence.Rows[0].Warned, 0, 3);
        Assert.Equal(24, evidence.Rows[1].Warned);
        Assert.Equal(24, evidence.Rows[2].Aspects["length"]);

        var again = store.FindOrStudyWarnings(corpus, SmallModel.Options, degradations, 0, _folder.File("elsewhere"), CPU);
        Assert.Equal(Json.WriteCompact(evidence), Json.WriteCompact(again));
        Assert.False(Directory.Exists(_folder.File("elsewhere")));
        // A result from a machine that could make fewer degradations is computed again.
        var file = Assert.Single(Directory.GetFiles(_folder.File("studies")));
        File.WriteAllText(file, Json.WriteCompact(evidence with { Rows = [.. evidence.Rows.Take(2)] }));
        Assert.Equal(evidence.Rows.Count,
            store.FindOrStudyWarnings(corpus, SmallModel.Options, degradations, 0, _folder.File("cache"), CPU).Rows.Count);
    }

    /// <summary>
    /// The similarity scorer alone, which needs no training: the limits are those of issue 7, well below the measured rates (README).
    /// </summary>
    [Fact]
    public void OnThePublicRecordingsUnknownDevicesAreDistinguishedFromKnownOnes()
    {
        var corpus = CcnuMobile.Open(TestPaths.RealData("ccnu-mobile"));
        var (answers, trials) = (new List<OpenSetAnswer>(), new List<VerificationTrial>());
        foreach (var split in Folds.LeaveOneSentenceOut(corpus))
        {
            foreach (var unknown in HeldOutTrials.Groups(corpus.Devices, 1))
            {
                var known = corpus.Subset(r => split.Train.Recordings.Contains(r) && !unknown.Contains(r.Device));
                var trainer = new PhoneModelTrainer(known, new PhoneModelOptions(), _folder.File("cache"), CPU, null);
                var (scorer, calibration) = trainer.FitScorer();
                var spectra = trainer.Spectra(split.Test.Recordings);
                foreach (var trial in split.Test.Recordings.Select(r =>
                    new HeldOutTrial(r, known.Devices, scorer!.Similarities(spectra[r.Path]), 0)))
                {
                    answers.Add(trial.Answer);
                    trials.AddRange(trial.Comparisons.Select(t => t with { Score = calibration!.LogRatio(t.Score) }));
                }
            }
        }

        Assert.InRange(OpenSetCurve.At(OpenSetCurve.Compute(answers), 0.05).Identified, 0.9, 1);
        Assert.InRange(SimilarityCalibration.Scores(trials).Cllr, 0, 0.2);
    }

    private sealed class Listener(List<WorkProgress> reports) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => reports.Add(value);
    }
}

using System.Diagnostics;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>
/// Evaluates models of a corpus by cross-validation: trains them as a user does, without one sentence and without some devices, and tests
/// them on what was held out.
/// </summary>
/// <remarks>
/// For every sentence: a model of all devices (calibrated within its own training recordings) identifies the held-out recordings and
/// looks for splices; then, for every fifth of the devices, a model without these devices is tested on known and unknown ones. Neither a
/// model nor its calibration is ever fitted on a test recording or on its sentence.
/// </remarks>
internal sealed class PhoneModelStudy
{
    /// <summary>Version of the study in the keys of its results; increased when the study changes.</summary>
    internal const int Version = 2;

    private static readonly double[] SpliceSeconds = [1, 2, 3, 4];
    private static readonly double[] BeginningSeconds = [1, 2, 4];

    private readonly Corpus _corpus;
    private readonly PhoneModelOptions _options;
    private readonly string _cacheFolder;
    private readonly Device _device;
    private readonly IProgress<WorkProgress>? _progress;
    private readonly List<IdentificationResult> _recordings = [];
    private readonly List<IdentificationResult> _segments = [];
    private readonly List<ShortRecordingResult> _beginnings = [];
    private readonly List<OpenSetResult> _unknowns = [];
    private readonly List<VerificationTrial> _trials = [];
    private readonly List<SpliceResult> _splices = [];

    private PhoneModelStudy(Corpus corpus, PhoneModelOptions options, string cacheFolder, Device device,
        IProgress<WorkProgress>? progress) =>
        (_corpus, _options, _cacheFolder, _device, _progress) = (corpus, options, cacheFolder, device, progress);

    /// <summary>Runs the study.</summary>
    /// <param name="corpus">The recordings, with at least one sentence more than the options' folds.</param>
    /// <param name="options">Training settings of the models.</param>
    /// <param name="cacheFolder">Folder where features are cached.</param>
    /// <param name="device">Compute device.</param>
    /// <param name="sentences">How many sentences are held out in turn; 0 for all.</param>
    /// <param name="progress">Receives a report after each model.</param>
    /// <exception cref="CorpusException">There are too few sentences or devices, or unusable recordings.</exception>
    public static PhoneModelEvidence Run(Corpus corpus, PhoneModelOptions options, string cacheFolder, Device device, int sentences = 0,
        IProgress<WorkProgress>? progress = null)
    {
        var clock = Stopwatch.StartNew();
        UsableRecordings.Require(corpus, options.For(corpus));
        var study = new PhoneModelStudy(corpus, options, cacheFolder, device, progress);
        study.Run(Folds.First(Folds.LeaveOneSentenceOut(corpus), sentences));
        return new PhoneModelEvidence(
            corpus.Name, corpus.Fingerprint, corpus.IsSimulated, options, corpus.Devices.Count, study._recordings, study._segments,
            study._beginnings, study._unknowns, study._trials, study._splices, RunEnvironment.Here(device), clock.Elapsed.TotalMinutes);
    }

    /// <summary>
    /// Checks the folds of every model before the first training: hours would be lost if the last model could not be trained.
    /// </summary>
    private void RequireFolds(IReadOnlyList<Split> splits, IReadOnlyList<IReadOnlyList<string>> groups)
    {
        foreach (var split in splits)
        {
            foreach (var without in groups.Prepend([]))
            {
                try
                {
                    _ = PhoneModelTrainer.SentenceFolds(TrainingPart(split, without), _options);
                }
                catch (CorpusException error)
                {
                    var devices = without.Count == 0 ? "" : $" and {SentenceList.Abbreviate(without)}";
                    throw new CorpusException($"{_corpus.Name}: no model can be trained without {split.Name}{devices} ({error.Message}) "
                        + "Add a recording of another sentence for each device, or use fewer folds.", error);
                }
            }
        }
    }

    private void Run(IReadOnlyList<Split> splits)
    {
        // Devices held out together as unknown; no groups if too few devices would remain.
        var groups = HeldOutTrials.Groups(_corpus.Devices, _options.Seed)
            .Where(unknown => _corpus.Devices.Count - unknown.Count >= WccnCosineScorer.MinDevices).ToList();
        RequireFolds(splits, groups);
        var (done, total) = (0, splits.Count * (groups.Count + 1));
        foreach (var split in splits)
        {
            using (var model = PhoneModel.Train(TrainingPart(split, []), _options, _cacheFolder, _device))
                TestClosedSet(model, split.Test.Recordings);
            _progress?.Report(new WorkProgress("models tested", ++done, total));
            foreach (var unknown in groups)
            {
                TestOpenSet(TrainingPart(split, unknown), split.Test.Recordings);
                _progress?.Report(new WorkProgress("models tested", ++done, total));
            }
        }
    }

    private Corpus TrainingPart(Split split, IReadOnlyList<string> without) =>
        _corpus.Subset(r => split.Train.Recordings.Contains(r) && !without.Contains(r.Device));

    /// <summary>Identifies whole recordings, segments, beginnings and splices with a model that knows all devices.</summary>
    private void TestClosedSet(PhoneModel model, IReadOnlyList<Recording> questioned)
    {
        var clips = questioned.Select(r => AudioFile.Read(r.Path)).ToList();
        foreach (var (recording, clip) in questioned.Zip(clips))
        {
            var answer = model.Identify(clip);
            _recordings.Add(Result(recording, answer.Candidates[0]));
            _segments.AddRange(answer.Strip.Select(s => Result(recording, s[0])));
            foreach (var seconds in BeginningSeconds.Where(s => s < clip.DurationSeconds))
            {
                var beginning = clip with { Samples = clip.Samples[..(int)(seconds * clip.SampleRate)] };
                if (!beginning.IsConstant)
                    _beginnings.Add(new ShortRecordingResult(seconds, Result(recording, model.Identify(beginning).Candidates[0])));
            }

            var stretches = answer.SplicedSegments.Count;
            _splices.Add(new SpliceResult(recording.Device, recording.Device, 0, stretches, stretches > 1));
        }

        for (var i = 0; i < clips.Count; i++)
        {
            // The next device in alphabetical order is often of the same brand, which is the harder case.
            var other = Enumerable.Range(1, clips.Count - 1).Select(ahead => (i + ahead) % clips.Count)
                .FirstOrDefault(k => questioned[k].Device != questioned[i].Device, -1);
            if (other < 0)
                continue;
            foreach (var seconds in SpliceSeconds.Where(s => s < Math.Min(clips[i].DurationSeconds, clips[other].DurationSeconds) - 2))
                _splices.Add(TestSplice(model, questioned[i].Device, clips[i], questioned[other].Device, clips[other], seconds));
        }
    }

    private static IdentificationResult Result(Recording recording, Candidate candidate) =>
        new(recording.Device, recording.Sentence, candidate.Device, candidate.Probability);

    /// <summary>Replaces the middle of a clip by the same stretch of another device's clip, and looks for the splice.</summary>
    private static SpliceResult TestSplice(
        PhoneModel model, string device, AudioClip clip, string insertedDevice, AudioClip insertedClip, double seconds)
    {
        var length = Math.Min(clip.DurationSeconds, insertedClip.DurationSeconds);
        var from = (length - seconds) / 2;
        var samples = (float[])clip.Samples.Clone();
        var resampled = insertedClip.SampleRate == clip.SampleRate ? insertedClip : Resampler.Resample(insertedClip, clip.SampleRate);
        var (start, count) = ((int)(from * clip.SampleRate), (int)(seconds * clip.SampleRate));
        resampled.Samples.AsSpan(start, count).CopyTo(samples.AsSpan(start));
        var stretches = model.Identify(clip with { Samples = samples }).SplicedSegments;

        double Overlap(SplicedSegment stretch) => Math.Min(stretch.To, from + seconds) - Math.Max(stretch.From, from);
        bool IsMostlyInserted(SplicedSegment stretch) => Overlap(stretch) >= (stretch.To - stretch.From) / 2;
        var isFound = stretches.Any(s => s.Device == insertedDevice && Overlap(s) >= seconds / 2 && IsMostlyInserted(s))
            && stretches.Any(s => s.Device == device && !IsMostlyInserted(s));
        return new SpliceResult(device, insertedDevice, seconds, stretches.Count, isFound);
    }

    /// <summary>
    /// Tests a model that does not know some devices: first candidates with their similarity scores, and likelihood ratios.
    /// </summary>
    private void TestOpenSet(Corpus known, IReadOnlyList<Recording> questioned)
    {
        var trainer = new PhoneModelTrainer(known, _options, _cacheFolder, _device, null);
        var (scorer, calibration) = trainer.FitScorer();
        if (scorer is null || calibration is null)
            return;
        var spectra = trainer.Spectra(questioned);
        var candidates = trainer.FirstCandidates(questioned);
        var devices = known.Devices.ToList();
        foreach (var recording in questioned)
        {
            var similarities = scorer.Similarities(spectra[recording.Path]);
            double Similarity(string device) => similarities[devices.IndexOf(device)];
            var isKnown = devices.Contains(recording.Device);
            var candidate = candidates[recording.Path];
            _unknowns.Add(new OpenSetResult(recording.Device, recording.Sentence, isKnown, candidate, Similarity(candidate)));
            _trials.AddRange(devices.Where(device => !isKnown || device == recording.Device).Select(device =>
                new VerificationTrial(recording.Device, recording.Sentence, device, calibration.LogRatio(Similarity(device)))));
        }
    }
}

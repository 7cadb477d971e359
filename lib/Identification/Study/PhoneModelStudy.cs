using System.Diagnostics;
using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>
/// Measures what models of a corpus are worth: trains them as a user does, without one sentence and without some devices, and asks about
/// what was left out.
/// </summary>
/// <remarks>
/// For every sentence: one model of all devices (calibrated within its own training recordings) names the left-out recordings and finds
/// splices; for every fifth of the devices a model without them is asked about known and unknown ones. Nothing of a questioned recording,
/// nor of its words, has been seen by the model that is asked, its calibration included.
/// </remarks>
internal sealed class PhoneModelStudy
{
    /// <summary>Raised when the study asks something else than before.</summary>
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
    /// <param name="corpus">The recordings; as many sentences as the options' folds and one more.</param>
    /// <param name="options">How models are trained.</param>
    /// <param name="cacheFolder">Where features are kept.</param>
    /// <param name="device">Where the arithmetic runs.</param>
    /// <param name="sentences">How many sentences are left out in turn; 0 for all.</param>
    /// <param name="progress">Told after each model.</param>
    /// <exception cref="CorpusException">There are too few sentences or devices, or recordings that cannot be asked about.</exception>
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

    /// <summary>Every model's folds, before the first is trained: hours would be lost where the last cannot be.</summary>
    private void RequireFolds(IReadOnlyList<Split> splits, IReadOnlyList<IReadOnlyList<string>> groups)
    {
        foreach (var split in splits)
        {
            foreach (var without in groups.Prepend([]))
            {
                try
                {
                    _ = PhoneModelTrainer.SentenceFolds(Part(split, without), _options);
                }
                catch (CorpusException error)
                {
                    throw new CorpusException($"{_corpus.Name}: without {split.Name}{(without.Count == 0 ? "" : $" and {SentenceList.Abbreviate(without)}")} no model can be trained ({error.Message}) Each device needs a recording more of other sentences, or take fewer folds.", error);
                }
            }
        }
    }

    private void Run(IReadOnlyList<Split> splits)
    {
        // Devices held out together as unknown; none where too few would be left to compare with.
        var groups = HeldOutTrials.Groups(_corpus.Devices, _options.Seed)
            .Where(unknown => _corpus.Devices.Count - unknown.Count >= WccnCosineScorer.MinDevices).ToList();
        RequireFolds(splits, groups);
        var (done, total) = (0, splits.Count * (groups.Count + 1));
        foreach (var split in splits)
        {
            using (var model = PhoneModel.Train(Part(split, []), _options, _cacheFolder, _device))
                Name(model, split.Test.Recordings);
            _progress?.Report(new WorkProgress("models asked", ++done, total));
            foreach (var unknown in groups)
            {
                Compare(Part(split, unknown), split.Test.Recordings);
                _progress?.Report(new WorkProgress("models asked", ++done, total));
            }
        }
    }

    private Corpus Part(Split split, IReadOnlyList<string> without) =>
        _corpus.Part(r => split.Train.Recordings.Contains(r) && !without.Contains(r.Device));

    private void Name(PhoneModel model, IReadOnlyList<Recording> questioned)
    {
        var clips = questioned.Select(r => AudioFile.Read(r.Path)).ToList();
        foreach (var (recording, clip) in questioned.Zip(clips))
        {
            var said = model.Identify(clip);
            _recordings.Add(Judged(recording, said.Candidates[0]));
            _segments.AddRange(said.Strip.Select(s => Judged(recording, s[0])));
            foreach (var seconds in BeginningSeconds.Where(s => s < clip.DurationSeconds))
            {
                var beginning = clip with { Samples = clip.Samples[..(int)(seconds * clip.SampleRate)] };
                if (!beginning.IsConstant)
                    _beginnings.Add(new ShortRecordingResult(seconds, Judged(recording, model.Identify(beginning).Candidates[0])));
            }

            _splices.Add(new SpliceResult(recording.Device, recording.Device, 0, said.SplicedSegments.Count,
                said.SplicedSegments.Count > 1));
        }

        for (var i = 0; i < clips.Count; i++)
        {
            // Each next device of the list: neighbours in the alphabet are often of one brand, which is the harder case.
            var other = Enumerable.Range(1, clips.Count - 1).Select(ahead => (i + ahead) % clips.Count)
                .FirstOrDefault(k => questioned[k].Device != questioned[i].Device, -1);
            if (other < 0)
                continue;
            foreach (var seconds in SpliceSeconds.Where(s => s < Math.Min(clips[i].DurationSeconds, clips[other].DurationSeconds) - 2))
                _splices.Add(Splice(model, questioned[i], clips[i], questioned[other], clips[other], seconds));
        }
    }

    private static IdentificationResult Judged(Recording recording, Candidate candidate) =>
        new(recording.Device, recording.Sentence, candidate.Device, candidate.Probability);

    private static SpliceResult Splice(
        PhoneModel model, Recording host, AudioClip clip, Recording guest, AudioClip inserted, double seconds)
    {
        var length = Math.Min(clip.DurationSeconds, inserted.DurationSeconds);
        var from = (length - seconds) / 2;
        var samples = (float[])clip.Samples.Clone();
        var piece = inserted.SampleRate == clip.SampleRate ? inserted : Resampler.Resample(inserted, clip.SampleRate);
        var (start, count) = ((int)(from * clip.SampleRate), (int)(seconds * clip.SampleRate));
        piece.Samples.AsSpan(start, count).CopyTo(samples.AsSpan(start));
        var said = model.Identify(clip with { Samples = samples });
        double Within(SplicedSegment piece) => Math.Min(piece.To, from + seconds) - Math.Max(piece.From, from);
        var found = said.SplicedSegments.Any(p => p.Device == guest.Device && Within(p) >= seconds / 2 && Within(p) >= (p.To - p.From) / 2)
            && said.SplicedSegments.Any(p => p.Device == host.Device && Within(p) < (p.To - p.From) / 2);
        return new SpliceResult(host.Device, guest.Device, seconds, said.SplicedSegments.Count, found);
    }

    /// <summary>
    /// A model without some devices: its first candidates, how much alike they are, and the likelihood ratios of its devices.
    /// </summary>
    private void Compare(Corpus known, IReadOnlyList<Recording> questioned)
    {
        var trainer = new PhoneModelTrainer(known, _options, _cacheFolder, _device, null);
        var (space, likeness) = trainer.Comparison();
        if (space is null || likeness is null)
            return;
        var spectra = trainer.Spectra(questioned);
        var names = trainer.Names(questioned);
        foreach (var recording in questioned)
        {
            var alike = space.Similarities(spectra[recording.Path]);
            double Of(string device) => alike[known.Devices.ToList().IndexOf(device)];
            var isKnown = known.Devices.Contains(recording.Device);
            _unknowns.Add(new OpenSetResult(recording.Device, recording.Sentence, isKnown, names[recording.Path],
                Of(names[recording.Path])));
            _trials.AddRange(known.Devices.Where(device => !isKnown || device == recording.Device)
                .Select(device => new VerificationTrial(recording.Device, recording.Sentence, device, likeness.LogRatio(Of(device)))));
        }
    }
}

using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Checks recordings before training.</summary>
public sealed class RecordingCheck
{
    private RecordingCheck(Corpus usable, IReadOnlyList<DeviceCheck> devices, IReadOnlyList<CheckWarning> warnings,
        IReadOnlyList<FactsStrength> facts, IReadOnlyList<FactsPrediction> factsPredictions, IReadOnlyList<SkippedRecording> leftOut)
    {
        (Usable, Devices, Facts, FactsPredictions, LeftOut) = (usable, devices, facts, factsPredictions, leftOut);
        Warnings = CheckWarning.Shorten(warnings);
    }

    /// <summary>One row per device, in the order of the corpus.</summary>
    internal IReadOnlyList<DeviceCheck> Devices { get; }

    /// <summary>Problems that can make a model unreliable, as sentences, at most four of a kind; empty if there are none.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The corpus without <see cref="LeftOut"/>: what should be trained on.</summary>
    internal Corpus Usable { get; }

    /// <summary>Recordings of no use for training, with reasons: practically empty, or shorter than a frame.</summary>
    internal IReadOnlyList<SkippedRecording> LeftOut { get; }

    /// <summary>
    /// How well file facts alone name the device: all together first, then each alone, the strongest first; empty if there are too few
    /// recordings to tell.
    /// </summary>
    internal IReadOnlyList<FactsStrength> Facts { get; }

    /// <summary>The devices that all file facts together name, for each usable recording with its sentence held out.</summary>
    internal IReadOnlyList<FactsPrediction> FactsPredictions { get; }

    /// <summary>Minimum number of recordings per device, so that some can be held out for testing.</summary>
    public const int MinRecordings = 3;

    /// <summary>Minimum duration per device (s), about that of the public recordings of CCNU-Mobile.</summary>
    public const double MinSeconds = 20;

    private const double MaxClippedFraction = 1e-3;
    private const double MaxSilentFraction = 0.8;

    /// <summary>Ratio of the most to the fewest recordings of a device that is reported.</summary>
    private const double MaxImbalance = 10;

    /// <summary>Largest fraction of recordings at the lowest rate that are named: more are a property of the collection.</summary>
    private const double FewRecordings = 0.1;

    private const double Significance = 0.001;
    private const int ShownFacts = 4;
    private const int ShownPaths = 4;

    /// <summary>Reads every recording once.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="progress">Reports after each recording.</param>
    /// <param name="folds">Number of folds by sentence in the planned training; 0 for none.</param>
    /// <param name="seed">Seed of the assignment of sentences to folds.</param>
    /// <exception cref="DeviceIdException">A recording can no longer be read.</exception>
    public static RecordingCheck Run(Corpus corpus, IProgress<WorkProgress>? progress = null, int folds = 0, long seed = 0) =>
        Run(corpus, keepEmpty: false, progress, folds, seed);

    /// <summary>Reads every recording once.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="keepEmpty">Whether recordings that are practically empty are kept.</param>
    /// <param name="progress">Reports after each recording.</param>
    /// <param name="folds">Number of folds by sentence in the planned training; 0 for none.</param>
    /// <param name="seed">Seed of the assignment of sentences to folds.</param>
    /// <exception cref="DeviceIdException">A recording can no longer be read.</exception>
    internal static RecordingCheck Run(
        Corpus corpus, bool keepEmpty, IProgress<WorkProgress>? progress = null, int folds = 0, long seed = 0)
    {
        var all = Measure(corpus, progress);
        var leftOut = corpus.Recordings.Zip(all, (recording, measures) => (recording, Reason: measures.WhyNotUsable(keepEmpty)))
            .Where(pair => pair.Reason is not null).Select(pair => new SkippedRecording(pair.recording.Path, pair.Reason!)).ToList();
        var usable = corpus.Without(leftOut);
        var measures = corpus.Recordings.Zip(all).Where(pair => pair.Second.WhyNotUsable(keepEmpty) is null)
            .Select(pair => pair.Second).ToList();
        var rows = usable.Recordings.Zip(measures).GroupBy(pair => pair.First.Device).Select(CheckDevice).ToList();
        var facts = new FileFactsClassifier(usable.Recordings, [.. measures.Select(m => m.Facts)]);
        IReadOnlyList<FactsStrength> strengths = facts.CanTest ? [facts.Together(), .. facts.Alone()] : [];
        return new RecordingCheck(usable, rows,
        [
            .. LeftOutProblems(corpus, usable, leftOut), .. rows.SelectMany(DeviceProblems), .. FileProblems(usable, measures),
            .. CorpusProblems(usable, rows), .. CopyProblems(usable, measures), .. FoldProblems(usable, folds, seed, leftOut.Count),
            .. FactsProblems(strengths), .. CodingProblems(usable, measures),
        ],
        strengths, facts.CanTest ? facts.Predict() : [], leftOut);
    }

    private static RecordingMeasures[] Measure(Corpus corpus, IProgress<WorkProgress>? progress)
    {
        var measures = new RecordingMeasures[corpus.Recordings.Count];
        // Coding is a matter of the phone and its app: one recording of each device, the longest, is enough.
        var withCoding = corpus.Recordings.GroupBy(r => r.Device).Select(d => d.MaxBy(r => r.DurationSeconds)!.Path).ToHashSet();
        var (counter, done) = (new object(), 0);
        ParallelLoops.For(measures.Length, i =>
        {
            var path = corpus.Recordings[i].Path;
            measures[i] = RecordingMeasures.Read(path, withCoding.Contains(path));
            lock (counter)
                progress?.Report(new WorkProgress("checking recordings", ++done, measures.Length));
        });
        return measures;
    }

    private static DeviceCheck CheckDevice(IGrouping<string, (Recording Recording, RecordingMeasures Measures)> device) => new(
        device.Key,
        device.Count(),
        device.Sum(r => r.Recording.DurationSeconds),
        [.. device.Select(r => r.Recording.SampleRate).Distinct().Order()],
        device.Select(r => r.Measures.Levels.RmsDecibels).Order().ElementAt(device.Count() / 2),
        device.Count(r => r.Measures.Levels.ClippedFraction > MaxClippedFraction),
        device.Count(r => r.Measures.Levels.SilentFraction > MaxSilentFraction));

    private static IEnumerable<CheckWarning> LeftOutProblems(Corpus corpus, Corpus usable, List<SkippedRecording> leftOut)
    {
        foreach (var recording in leftOut)
            yield return new("recordings left out", $"Left out of the training: {corpus.SkippedReason(recording)}");
        foreach (var device in corpus.Devices.Except(usable.Devices))
            yield return new("devices without usable recordings",
                $"The training would stop: none of the recordings of {device} can be used. Record it again, or remove it.");
    }

    private static IEnumerable<CheckWarning> DeviceProblems(DeviceCheck d)
    {
        if (d.Recordings < MinRecordings)
            yield return new($"devices with fewer than {MinRecordings} recordings",
                $"{d.Device} has {d.Recordings} recording{(d.Recordings == 1 ? "" : "s")}: at least {MinRecordings} are needed "
                + "to train and test. Add recordings, or leave the device out.");
        if (d.Seconds < MinSeconds)
            yield return new("devices with too little sound", FormattableString.Invariant(
                $"{d.Device} has {d.Seconds:0.0} s of sound: the method was tested with at least {MinSeconds:0} s. Add recordings."));
        if (d.Clipped > 0)
            yield return new("devices with clipped recordings",
                $"{d.Clipped} of {d.Recordings} recordings of {d.Device} are clipped: a model may learn the distortion instead of "
                + "the device. Record at a lower level.");
        if (d.Silent > 0)
            yield return new("devices with mostly silent recordings",
                $"{d.Silent} of {d.Recordings} recordings of {d.Device} are mostly silent: they say little about the device.");
    }

    private static IEnumerable<CheckWarning> FileProblems(Corpus corpus, IReadOnlyList<RecordingMeasures> measures) =>
        corpus.Recordings.Zip(measures).SelectMany(pair => pair.Second.FileWarnings.Select(warning =>
            new CheckWarning("remarks on files", corpus.SkippedReason(new SkippedRecording(pair.First.Path, warning)))));

    /// <summary>Reports an error that would stop the training: a division into folds that is not possible.</summary>
    private static CheckWarning[] FoldProblems(Corpus corpus, int folds, long seed, int leftOut)
    {
        try
        {
            if (folds > 0)
                Folds.Grouped(corpus, folds, seed);
            return [];
        }
        catch (CorpusException error)
        {
            var fewerFolds = folds > 2 ? ", or divide into fewer folds (--folds 2)" : "";
            var keepEmpty = leftOut > 0 ? ", or use what was left out (--keep-empty)" : "";
            return [new("problems of the folds",
                $"The training would stop: {error.Message} Record more sentences or sessions of each device{fewerFolds}{keepEmpty}.")];
        }
    }

    private static IEnumerable<CheckWarning> CorpusProblems(Corpus corpus, IReadOnlyList<DeviceCheck> rows)
    {
        if (rows.Count == 1)
            yield return new("problems of the collection",
                $"All recordings are of one device, {rows[0].Device}: a model needs at least two devices. Add recordings of "
                + "another device in a separate folder.");
        foreach (var names in SimilarNames.Find(corpus.Devices))
            yield return new("groups of similar names",
                $"The device names {string.Join(" and ", names.Select(name => $"'{name}'"))} differ only in case, spaces or Unicode form: "
                + "if they are one device, give them one name.");
        if (rows.Count > 1 && rows.MaxBy(r => r.Recordings)! is var most && rows.MinBy(r => r.Recordings)! is var fewest
            && most.Recordings >= MaxImbalance * fewest.Recordings)
            yield return new("problems of the collection",
                $"The devices have very different numbers of recordings: {fewest.Device} has {fewest.Recordings}, {most.Device} "
                + $"{most.Recordings}. A model prefers the frequent devices. Record more of the others, or use fewer of these.");
        var rates = rows.SelectMany(r => r.SampleRates).Distinct().Order().ToList();
        if (rates.Count > 1)
            yield return new("problems of the collection",
                $"Sampling rates differ: {string.Join(", ", rates)} Hz. Frequencies above half the lowest rate exist only in some "
                + $"recordings; a model may learn the sampling rate instead of the device.{CostOfLowestRate(corpus, rates)}");
    }

    /// <summary>What few recordings at the lowest rate cost all others; "" if there are many of them.</summary>
    private static string CostOfLowestRate(Corpus corpus, List<int> rates)
    {
        var lowest = corpus.Recordings.Where(r => r.SampleRate == rates[0]).ToList();
        return lowest.Count > Math.Max(1, FewRecordings * corpus.Recordings.Count) ? ""
            : $" Because of {(lowest.Count == 1 ? "one recording" : $"{lowest.Count} recordings")} at {rates[0]} Hz ({Paths(lowest)}), a "
                + $"model loses the band from {rates[0] / 2} to {rates[1] / 2} Hz of all {corpus.Recordings.Count}: leave "
                + $"{(lowest.Count == 1 ? "it" : "them")} out, or record again.";
    }

    private static IEnumerable<CheckWarning> CopyProblems(Corpus corpus, IReadOnlyList<RecordingMeasures> measures)
    {
        foreach (var copies in CopyFinder.Find(corpus.Recordings, measures))
        {
            var devices = copies.Devices;
            if (devices.Count > 1)
                yield return new("groups of copies under several devices",
                    $"The same {copies.Same} is under {string.Join(" and ", devices)}: {Paths(copies.Recordings)}. "
                    + "One copy is in the wrong place.");
            foreach (var device in copies.Recordings.GroupBy(r => r.Device).Where(group => group.Count() > 1))
                yield return CopiesInside(device.Key, copies.Same, [.. device]);
        }
    }

    private static CheckWarning CopiesInside(string device, string same, IReadOnlyList<Recording> copies)
    {
        var sentences = copies.Select(r => r.Sentence).Distinct().ToList();
        return sentences.Count > 1
            ? new("groups of copies under several names",
                $"{device} has the same {same} as {string.Join(" and ", sentences)}: {Paths(copies)}. A test on "
                + "one copy after training on the other would make the model seem better than it is: delete one.")
            : new("groups of copies of one sentence",
                $"{device} has the same {same} twice: {Paths(copies)}. It would count twice: delete one.");
    }

    private static IEnumerable<CheckWarning> FactsProblems(IReadOnlyList<FactsStrength> facts)
    {
        if (!facts.Any(f => f.P < Significance))
            yield break;
        var strongest = facts.Skip(1).Where(f => f.P < Significance).Take(ShownFacts)
            .Select(f => FormattableString.Invariant($"{f.Name} ({100 * f.Accuracy:0.0} %)")).ToList();
        yield return new("problems of the files", FormattableString.Invariant(
            $"File facts without the sound of the microphone name the device of {facts[0].Right:0} of {facts[0].Count} recordings ")
            + FormattableString.Invariant($"({100 * facts[0].Accuracy:0.0} %; chance {100 * facts[0].Chance:0.0} %), sentences held out")
            + (strongest.Count == 0 ? ". " : $"; alone the strongest: {string.Join(", ", strongest)}. ")
            + "A model may learn them instead of the device: make them equal for all devices, or interpret the results with care.");
    }

    /// <summary>Reports samples that look decoded: a file of another format says so itself.</summary>
    private static IEnumerable<CheckWarning> CodingProblems(Corpus corpus, IReadOnlyList<RecordingMeasures> measures)
    {
        var coded = corpus.Recordings.Zip(measures).Where(pair => pair.Second.Coding is { IsCoded: true }).ToList();
        if (coded.Count == 0)
            yield break;
        var tested = measures.Count(m => m.Coding is not null);
        var devices = string.Join(", ", coded.Take(ShownPaths).Select(pair => pair.First.Device))
            + (coded.Count > ShownPaths ? $" and {coded.Count - ShownPaths} more" : "");
        yield return new("problems of the files",
            $"The samples of {coded.Count} of {tested} tested devices ({devices}) show the block grid of AAC: they were coded before. "
            + "A model may learn the app or the conversion instead of the microphone: record all devices in the same way, without coding.");
    }

    private static string Paths(IEnumerable<Recording> recordings) =>
        string.Join(", ", recordings.Take(ShownPaths).Select(r => r.Path))
            + (recordings.Count() > ShownPaths ? $" and {recordings.Count() - ShownPaths} more" : "");
}

/// <summary>Summary of the recordings of one device.</summary>
/// <param name="Device">Name of the device.</param>
/// <param name="Recordings">Number of recordings.</param>
/// <param name="Seconds">Total duration (s).</param>
/// <param name="SampleRates">Sampling rates (Hz), ascending.</param>
/// <param name="RmsDecibels">Median RMS level (dB relative to full scale).</param>
/// <param name="Clipped">Number of recordings with more than 0.1 % clipped samples.</param>
/// <param name="Silent">Number of recordings of which more than 80 % is silent.</param>
internal sealed record DeviceCheck(
    string Device, int Recordings, double Seconds, IReadOnlyList<int> SampleRates, double RmsDecibels, int Clipped, int Silent);

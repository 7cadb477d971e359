using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Checks recordings before training.</summary>
public sealed class RecordingCheck
{
    private RecordingCheck(IReadOnlyList<DeviceCheck> devices, IReadOnlyList<string> warnings) => (Devices, Warnings) = (devices, warnings);

    /// <summary>One row per device, in the order of the corpus.</summary>
    internal IReadOnlyList<DeviceCheck> Devices { get; }

    /// <summary>Problems that can make a model unreliable, as sentences; empty if there are none.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Minimum number of recordings per device, so that some can be held out for testing.</summary>
    public const int MinRecordings = 3;

    /// <summary>Minimum duration per device (s), about that of the public recordings of CCNU-Mobile.</summary>
    public const double MinSeconds = 20;

    private const double MaxClippedFraction = 1e-3;
    private const double MaxSilentFraction = 0.8;

    /// <summary>Reads every recording once.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="progress">Reports after each recording.</param>
    /// <param name="folds">Number of folds by sentence in the planned training; 0 for none.</param>
    /// <param name="seed">Seed of the assignment of sentences to folds.</param>
    /// <exception cref="DeviceIdException">A recording can no longer be read.</exception>
    public static RecordingCheck Run(Corpus corpus, IProgress<WorkProgress>? progress = null, int folds = 0, long seed = 0)
    {
        var levels = new RecordingLevels[corpus.Recordings.Count];
        var (counter, done) = (new object(), 0);
        ParallelLoops.For(levels.Length, i =>
        {
            levels[i] = RecordingLevels.Measure(AudioFile.Read(corpus.Recordings[i].Path));
            lock (counter)
                progress?.Report(new WorkProgress("checking recordings", ++done, levels.Length));
        });
        var rows = corpus.Recordings.Zip(levels).GroupBy(pair => pair.First.Device).Select(CheckDevice).ToList();
        return new RecordingCheck(rows,
        [
            .. rows.SelectMany(DeviceProblems), .. CorpusProblems(corpus, rows), .. FoldProblems(corpus, folds, seed),
            .. MetadataCheck.Warnings(corpus),
        ]);
    }

    private static DeviceCheck CheckDevice(IGrouping<string, (Recording Recording, RecordingLevels Levels)> device) => new(
        device.Key,
        device.Count(),
        device.Sum(r => r.Recording.DurationSeconds),
        [.. device.Select(r => r.Recording.SampleRate).Distinct().Order()],
        device.Select(r => r.Levels.RmsDecibels).Order().ElementAt(device.Count() / 2),
        device.Count(r => r.Levels.ClippedFraction > MaxClippedFraction),
        device.Count(r => r.Levels.SilentFraction > MaxSilentFraction));

    private static IEnumerable<string> DeviceProblems(DeviceCheck d)
    {
        if (d.Recordings < MinRecordings)
            yield return $"{d.Device} has {d.Recordings} recording{(d.Recordings == 1 ? "" : "s")}: at least {MinRecordings} are needed "
                + "to train and test. Add recordings, or leave the device out.";
        if (d.Seconds < MinSeconds)
            yield return FormattableString.Invariant(
                $"{d.Device} has {d.Seconds:0.0} s of sound: the method was tested with at least {MinSeconds:0} s. Add recordings.");
        if (d.Clipped > 0)
            yield return $"{d.Clipped} of {d.Recordings} recordings of {d.Device} are clipped: a model may learn the distortion instead of "
                + "the device. Record at a lower level.";
        if (d.Silent > 0)
            yield return $"{d.Silent} of {d.Recordings} recordings of {d.Device} are mostly silent: they say little about the device.";
    }

    /// <summary>Reports an error that would stop the training: a division into folds that is not possible.</summary>
    private static string[] FoldProblems(Corpus corpus, int folds, long seed)
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
            return [$"The training would stop: {error.Message} Record more sentences or sessions of each device{fewerFolds}."];
        }
    }

    private static IEnumerable<string> CorpusProblems(Corpus corpus, IReadOnlyList<DeviceCheck> rows)
    {
        if (rows.Count == 1)
            yield return $"All recordings are of one device, {rows[0].Device}: a model needs at least two devices. Add recordings of "
                + "another device in a separate folder.";
        foreach (var copies in corpus.Recordings.GroupBy(r => r.Hash).Where(g => g.Select(r => r.Device).Distinct().Count() > 1))
        {
            var devices = string.Join(" and ", copies.Select(r => r.Device).Distinct());
            yield return $"The same file is under {devices}: {Paths(copies)}. One copy is in the wrong place.";
        }

        foreach (var copies in corpus.Recordings.GroupBy(r => (r.Hash, r.Device))
            .Where(g => g.Select(r => r.Sentence).Distinct().Count() > 1))
        {
            var sentences = string.Join(" and ", copies.Select(r => r.Sentence));
            yield return $"{copies.Key.Device} has the same file as {sentences}: {Paths(copies)}. A test on one copy after training on the "
                + "other would make the model seem better than it is: delete one.";
        }

        var rates = rows.SelectMany(r => r.SampleRates).Distinct().Order().ToList();
        if (rates.Count > 1)
            yield return $"Sampling rates differ: {string.Join(", ", rates)} Hz. Frequencies above half the lowest rate exist only in some "
                + "recordings; a model may learn the sampling rate instead of the device.";
    }

    private static string Paths(IEnumerable<Recording> recordings) => string.Join(", ", recordings.Select(r => r.Path));
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

using System.Globalization;
using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>A look at recordings before anything is learnt from them.</summary>
public sealed class RecordingCheck
{
    private RecordingCheck(IReadOnlyList<DeviceCheck> devices, IReadOnlyList<string> warnings) => (Devices, Warnings) = (devices, warnings);

    /// <summary>One row a device, in the corpus's order.</summary>
    internal IReadOnlyList<DeviceCheck> Devices { get; }

    /// <summary>What stands in the way of a good model, in sentences; empty where nothing does.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Fewer recordings of a device leave too few to test on what was not learnt.</summary>
    public const int MinRecordings = 3;

    /// <summary>Less sound of a device is too little: about as much as the public recordings of CCNU-Mobile have a device.</summary>
    public const double MinSeconds = 20;

    private const double NotableClipping = 1e-3;
    private const double NotableSilence = 0.8;

    /// <summary>Reads every recording once.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="progress">Told after each.</param>
    /// <param name="folds">Parts that the recordings will be divided into by sentence; 0 where they will not.</param>
    /// <param name="seed">Decides which sentences will go together.</param>
    /// <exception cref="AudioException">A recording cannot be read any more.</exception>
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
        var rows = corpus.Recordings.Zip(levels).GroupBy(pair => pair.First.Device).Select(Row).ToList();
        return new RecordingCheck(rows,
            [.. rows.SelectMany(About), .. AcrossDevices(corpus, rows), .. Undividable(corpus, folds, seed),
            .. ContainerFacts.Warnings(corpus)]);
    }

    private static DeviceCheck Row(IGrouping<string, (Recording Recording, RecordingLevels Levels)> device) => new(
        device.Key, device.Count(), device.Sum(r => r.Recording.DurationSeconds),
            [.. device.Select(r => r.Recording.SampleRate).Distinct().Order()],
        device.Select(r => r.Levels.RmsDecibels).Order().ElementAt(device.Count() / 2),
        device.Count(r => r.Levels.ClippedShare > NotableClipping), device.Count(r => r.Levels.SilentShare > NotableSilence));

    private static IEnumerable<string> About(DeviceCheck d)
    {
        if (d.Recordings < MinRecordings)
            yield return $"{d.Device} has {d.Recordings} recording{(d.Recordings == 1 ? "" : "s")}: {MinRecordings} are the least to learn from some and test on another. Add recordings, or leave the device out.";
        if (d.Seconds < MinSeconds)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{d.Device} has {d.Seconds:0.0} s of sound: {MinSeconds:0} s are the least that was tested. Add recordings.");
        if (d.Clipped > 0)
            yield return $"{d.Clipped} of {d.Recordings} recordings of {d.Device} are clipped: the distortion may be learnt in place of the device. Record at a lower level.";
        if (d.Silent > 0)
            yield return $"{d.Silent} of {d.Recordings} recordings of {d.Device} are silent for the most part: they say little about the device.";
    }

    /// <summary>What a training would stop at.</summary>
    private static string[] Undividable(Corpus corpus, int folds, long seed)
    {
        try
        {
            if (folds > 0)
                Folds.Grouped(corpus, folds, seed);
            return [];
        }
        catch (CorpusException refused)
        {
            return [$"A training would stop: {refused.Message} Record more sentences or sessions of each device{(folds > 2 ? ", or divide into fewer parts (--folds 2)" : "")}."];
        }
    }

    private static IEnumerable<string> AcrossDevices(Corpus corpus, IReadOnlyList<DeviceCheck> rows)
    {
        if (rows.Count == 1)
            yield return $"All recordings are of one device, {rows[0].Device}: a model tells two at least apart. Add recordings of another, in a folder of its own.";
        foreach (var copies in corpus.Recordings.GroupBy(r => r.Hash).Where(g => g.Select(r => r.Device).Distinct().Count() > 1))
            yield return $"The same bytes lie under {string.Join(" and ", copies.Select(r => r.Device).Distinct())}: {string.Join(", ", copies.Select(r => r.Path))}. One of them is in the wrong place.";
        foreach (var copies in corpus.Recordings.GroupBy(r => (r.Hash, r.Device))
            .Where(g => g.Select(r => r.Sentence).Distinct().Count() > 1))
            yield return $"{copies.Key.Device} has the same bytes as {string.Join(" and ", copies.Select(r => r.Sentence))}: {string.Join(", ", copies.Select(r => r.Path))}. Held out, one would be asked about what the other taught, and the model would seem better than it is: delete one.";
        var rates = rows.SelectMany(r => r.SampleRates).Distinct().Order().ToList();
        if (rates.Count > 1)
            yield return $"Sampling rates differ: {string.Join(", ", rates)} Hz. Bands above half the lowest rate exist in some recordings only; a model may learn the rate in place of the device.";
    }
}

/// <summary>What a device's recordings are like.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Recordings">How many there are.</param>
/// <param name="Seconds">Their length together.</param>
/// <param name="SampleRates">All rates (Hz), ascending.</param>
/// <param name="RmsDecibels">The median of their levels (dB, 0 = full scale).</param>
/// <param name="Clipped">Recordings of which more than a thousandth is clipped.</param>
/// <param name="Silent">Recordings of which more than four fifths are silent.</param>
internal sealed record DeviceCheck(
    string Device, int Recordings, double Seconds, IReadOnlyList<int> SampleRates, double RmsDecibels, int Clipped, int Silent);

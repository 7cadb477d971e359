using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Reporting;

/// <summary>Tables about a corpus's recordings.</summary>
public static class RecordingTables
{
    private const int MaxRows = 100;
    private const int RowsOfAKind = 5;

    /// <summary>Table of a recording check, one row per device.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="check">The check's result.</param>
    public static ResultTable Check(Corpus corpus, RecordingCheck check)
    {
        var table = new ResultTable(
            $"{corpus.Name}: {SentenceList.Count(corpus.Recordings.Count, "recording")} of "
                + SentenceList.Count(corpus.Devices.Count, "device"),
            "device", "recordings", "seconds", "rate (Hz)", "level (dB)", "clipped", "silent");
        var shown = Shown(check.Devices);
        foreach (var device in shown)
            table.Row(
                device.Device, device.Recordings, new Number(device.Seconds, "0.0"), Rates(device.SampleRates),
                new Number(device.RmsDecibels, "0"), device.Clipped, device.Silent);
        var summary = shown.Count == check.Devices.Count ? ""
            : $"{check.Devices.Count - shown.Count} of {check.Devices.Count} devices are not shown: these {shown.Count} have the fewest "
                + "recordings, the least sound, or the most clipped or silent recordings. ";
        var sentences = corpus.Recordings.Select(r => r.Sentence).Distinct().Count();
        return table.WithNote(
            $"{summary}{sentences} sentences or sessions: recordings of one are never split between training and test. "
            + "Level: the median, 0 = full scale. Clipped: recordings with more than a thousandth of their samples clipped. "
            + "Silent: recordings with more than four fifths below -60 dB.");
    }

    /// <summary>Table of how well file facts alone name the device; without rows if there are too few recordings to tell.</summary>
    /// <param name="check">The check's result.</param>
    internal static ResultTable FileFacts(RecordingCheck check)
    {
        var table = new ResultTable("File facts alone, without the sound of the microphone", "fact", "right (%)", "chance (%)", "p");
        foreach (var fact in check.Facts)
            table.Row(fact.Name, new Number(100 * fact.Accuracy, "0.0"), new Number(100 * fact.Chance, "0.0"), new PValue(fact.P));
        return table.WithNote("Nearest mean of the devices, each sentence held out; chance: always the most frequent device.");
    }

    /// <summary>All devices, or of very many those that most need attention, in the order of the corpus.</summary>
    private static IReadOnlyList<DeviceCheck> Shown(IReadOnlyList<DeviceCheck> devices)
    {
        if (devices.Count <= MaxRows)
            return devices;
        var chosen = devices.OrderByDescending(d => d.Clipped + d.Silent).Take(RowsOfAKind)
            .Concat(devices.OrderBy(d => d.Recordings).Take(RowsOfAKind)).Concat(devices.OrderBy(d => d.Seconds).Take(RowsOfAKind))
            .ToHashSet();
        return [.. devices.Where(chosen.Contains)];
    }

    /// <summary>The sampling rate (Hz) as a number if there is only one, otherwise a list.</summary>
    internal static object Rates(IReadOnlyList<int> rates) => rates.Count == 1 ? rates[0] : string.Join(", ", rates);
}

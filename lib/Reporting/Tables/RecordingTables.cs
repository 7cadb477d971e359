using DeviceId.Corpora;

namespace DeviceId.Reporting;

/// <summary>Tables about a corpus's recordings.</summary>
public static class RecordingTables
{
    /// <summary>Table of a recording check, one row per device.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="check">The check's result.</param>
    public static ResultTable Check(Corpus corpus, RecordingCheck check)
    {
        var table = new ResultTable(
            $"{corpus.Name}: {corpus.Recordings.Count} recordings of {corpus.Devices.Count} devices",
            "device", "recordings", "seconds", "rate (Hz)", "level (dB)", "clipped", "silent");
        foreach (var device in check.Devices)
            table.Row(
                device.Device, device.Recordings, new Number(device.Seconds, "0.0"), Rates(device.SampleRates),
                new Number(device.RmsDecibels, "0"), device.Clipped, device.Silent);
        var sentences = corpus.Recordings.Select(r => r.Sentence).Distinct().Count();
        return table.WithNote($"{sentences} sentences or sessions: recordings of one are never split between training and test. Level: the "
            + "median, 0 = full scale. Clipped: recordings with more than a thousandth of their samples clipped. Silent: recordings with "
            + "more than four fifths below -60 dB.");
    }

    /// <summary>The sampling rate (Hz) as a number if there is only one, otherwise a list.</summary>
    internal static object Rates(IReadOnlyList<int> rates) => rates.Count == 1 ? rates[0] : string.Join(", ", rates);
}

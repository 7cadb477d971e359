using DeviceId.Corpora;

namespace DeviceId.Reporting;

/// <summary>A look at recordings as a table.</summary>
public static class RecordingTables
{
    /// <summary>One row a device.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="check">What was found.</param>
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
        return table.WithNote($"{sentences} sentences or sessions: recordings of one never stand on both sides when something is held out. Level: the median, 0 = full scale. Clipped: recordings with more than a thousandth of their samples cut off; silent: with more than four fifths below -60 dB.");
    }

    /// <summary>A number where a device has one rate (Hz), a list of them otherwise.</summary>
    internal static object Rates(IReadOnlyList<int> rates) => rates.Count == 1 ? rates[0] : string.Join(", ", rates);
}

using System.Globalization;
using DeviceId.Evaluation;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>What the study of warnings has shown, as a table.</summary>
/// <param name="evidence">The study.</param>
public sealed class WarningTables(WarningEvidence evidence)
{
    /// <summary>For each degradation the share of recordings that were warned of, and why.</summary>
    public ResultTable Warned()
    {
        var table = new ResultTable("Does the model notice?", "what was done to the recordings", "warned of (%)", "because of (%)");
        foreach (var row in evidence.Rows)
        {
            var interval = Interval.Wilson(row.Warned, row.Recordings);
            table.Row(row.Label, Say($"{Share(row.Warned, row)} [{100 * interval.Low:0.0}, {100 * interval.High:0.0}]"), string.Join(", ", row.Traits.OrderByDescending(t => t.Value).Select(t => $"{t.Key} {Share(t.Value, row)}")));
        }

        var untested = evidence.Untested.Count == 0 ? "" : $" Not tested: {string.Join(" ", evidence.Untested)}";
        return table.WithNote($"{evidence.Corpus}, fingerprint {evidence.Fingerprint[..12]}: {evidence.Rows[0].Recordings} recordings, each asked of models that had not seen its sentence{(evidence.IsSimulated ? "; simulated, and so without meaning for real phones" : "")}. First row: recordings as they are, where every warning is a false one. Intervals: 95 % (Wilson).{untested}");
    }

    private static string Share(int count, WarningRow row) => Say($"{100.0 * count / row.Recordings:0.0}");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

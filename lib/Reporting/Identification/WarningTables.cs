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
            var warned = new Accuracy(row.Warned, row.Recordings);
            table.Row(row.Label, Estimate.FromProportion(warned.Value, warned.Interval) with { Format = "0.0" }, Reasons(row));
        }

        var untested = evidence.Untested.Count == 0 ? "" : $" Not tested: {string.Join(" ", evidence.Untested)}";
        return table.WithNote($"{evidence.Corpus}, fingerprint {evidence.Fingerprint[..12]}: {evidence.Rows[0].Recordings} recordings, each asked of models that had not seen its sentence{(evidence.IsSimulated ? "; simulated, and so without meaning for real phones" : "")}. First row: recordings as they are, where every warning is a false one. Intervals: 95 % (Wilson).{untested}");
    }

    /// <summary>"spectrum 75.0, level 5.0": the commonest first.</summary>
    private static string Reasons(WarningRow row) => string.Join(", ", row.Aspects.OrderByDescending(trait => trait.Value)
        .Select(trait => string.Create(CultureInfo.InvariantCulture, $"{trait.Key} {100.0 * trait.Value / row.Recordings:0.0}")));
}

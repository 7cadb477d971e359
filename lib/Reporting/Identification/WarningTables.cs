using DeviceId.Evaluation;
using DeviceId.Identification;

namespace DeviceId.Reporting;

/// <summary>Table of a warning study (<see cref="WarningStudy"/>).</summary>
/// <param name="evidence">The study's result.</param>
public sealed class WarningTables(WarningEvidence evidence)
{
    /// <summary>Proportion of recordings with a warning for each degradation, and the aspects warned about.</summary>
    public ResultTable Warned()
    {
        var table = new ResultTable("Does the model warn?", "degradation", "recordings with a warning (%)", "aspects (%)");
        foreach (var row in evidence.Rows)
        {
            var warned = new Accuracy(row.Warned, row.Recordings);
            table.Row(row.Label, Estimate.FromProportion(warned.Value, warned.Interval) with { Format = "0.0" }, Reasons(row));
        }

        var untested = evidence.Untested.Count == 0 ? "" : $" Not tested: {string.Join(" ", evidence.Untested)}";
        var simulated = evidence.IsSimulated ? $"; {EvidenceTables.SimulatedNote}" : "";
        return table.WithNote(
            $"{evidence.Corpus}, fingerprint {evidence.Fingerprint[..12]}: {evidence.Rows[0].Recordings} recordings, each tested with "
            + $"models that were not trained on its sentence{simulated}. First row: undegraded recordings, where every warning is a false "
            + $"alarm. Intervals: 95 % (Wilson).{untested}");
    }

    /// <summary>"spectrum 75.0, level 5.0": the most frequent aspect first.</summary>
    private static string Reasons(WarningRow row) => string.Join(", ", row.Aspects.OrderByDescending(aspect => aspect.Value)
        .Select(aspect => FormattableString.Invariant($"{aspect.Key} {100.0 * aspect.Value / row.Recordings:0.0}")));
}

using DeviceId.Experiments;
using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>Whether models notice what was done to recordings (<see cref="WarningStudy"/>).</summary>
/// <param name="Corpus">Name of the recordings.</param>
/// <param name="Fingerprint">Of their contents.</param>
/// <param name="IsSimulated">Whether they were made by the workbench.</param>
/// <param name="Options">How the models would have been trained, in full.</param>
/// <param name="Rows">The recordings as they are, then after each degradation.</param>
/// <param name="Untested">Degradations that the machine could not make, each with the reason.</param>
/// <param name="Environment">What it was computed on.</param>
public sealed record WarningEvidence(
    string Corpus, string Fingerprint, bool IsSimulated, PhoneModelOptions Options, IReadOnlyList<WarningRow> Rows,
    IReadOnlyList<string> Untested, RunEnvironment Environment) : IEvidence
{
    /// <inheritdoc/>
    public IEnumerable<string> Problems()
    {
        if (Rows.Count == 0 || Rows[0].Label != RobustnessCondition.Untouched)
            yield return "the recordings as they are do not come first";
        if (Rows.Any(row => row.Recordings < 1 || row.Warned < 0 || row.Warned > row.Recordings || row.Traits.Values.Any(count => count < 0 || count > row.Warned)))
            yield return "more recordings were warned of than there are";
    }
}

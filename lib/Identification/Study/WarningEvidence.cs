using System.Text.Json.Serialization;
using DeviceId.Experiments;
using DeviceId.Foundation;

namespace DeviceId.Identification;

/// <summary>Whether models notice what was done to recordings (<see cref="WarningStudy"/>).</summary>
public sealed record WarningEvidence : IEvidence
{
    [JsonConstructor]
    internal WarningEvidence(
        string corpus, string fingerprint, bool isSimulated, PhoneModelOptions options, IReadOnlyList<WarningRow> rows,
        IReadOnlyList<string> untested, RunEnvironment environment) =>
        (Corpus, Fingerprint, IsSimulated, Options, Rows, Untested, Environment) = (corpus, fingerprint, isSimulated, options, rows,
            untested, environment);

    /// <summary>Name of the recordings.</summary>
    public string Corpus { get; init; }

    /// <summary>Of their contents.</summary>
    public string Fingerprint { get; init; }

    /// <summary>Whether they were made by the workbench.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>How the models would have been trained, in full.</summary>
    public PhoneModelOptions Options { get; init; }

    /// <summary>The recordings as they are, then after each degradation.</summary>
    [JsonInclude]
    internal IReadOnlyList<WarningRow> Rows { get; init; }

    /// <summary>Degradations that the machine could not make, each with the reason.</summary>
    public IReadOnlyList<string> Untested { get; init; }

    /// <summary>What it was computed on.</summary>
    [JsonInclude]
    internal RunEnvironment Environment { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Problems()
    {
        if (Rows.Count == 0 || Rows[0].Label != RobustnessCondition.Untouched)
            yield return "the recordings as they are do not come first";
        if (Rows.Any(row => row.Recordings < 1 || row.Warned < 0 || row.Warned > row.Recordings
            || row.Aspects.Values.Any(count => count < 0 || count > row.Warned)))
            yield return "more recordings were warned of than there are";
    }
}

/// <summary>How often a model warned of recordings to which one thing had been done.</summary>
/// <param name="Label">What was done: "white noise, 30 dB"; <see cref="Experiments.RobustnessCondition.Untouched"/> for nothing.</param>
/// <param name="Recordings">Recordings that were asked about.</param>
/// <param name="Warned">Those of them that at least one warning was given of.</param>
/// <param name="Aspects">For each respect (<see cref="DomainDifference.Aspect"/>) how many were warned of because of it.</param>
internal sealed record WarningRow(
    string Label, int Recordings, int Warned, [property: JsonPropertyName("traits")] IReadOnlyDictionary<string, int> Aspects);

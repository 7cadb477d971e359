using System.Text.Json.Serialization;
using DeviceId.Experiments;
using DeviceId.Foundation;

namespace DeviceId.Identification;

// JsonPropertyName: stored results keep the property's older name.
/// <summary>How often models warn of degraded recordings (<see cref="WarningStudy"/>).</summary>
public sealed record WarningEvidence : IEvidence
{
    [JsonConstructor]
    internal WarningEvidence(
        string corpus, string fingerprint, bool isSimulated, PhoneModelOptions options, IReadOnlyList<WarningRow> rows,
        IReadOnlyList<string> untested, RunEnvironment environment)
    {
        (Corpus, Fingerprint, IsSimulated, Options) = (corpus, fingerprint, isSimulated, options);
        (Rows, Untested, Environment) = (rows, untested, environment);
    }

    /// <summary>Name of the corpus.</summary>
    public string Corpus { get; init; }

    /// <summary>Fingerprint of the recordings' contents.</summary>
    public string Fingerprint { get; init; }

    /// <summary>Whether the recordings are simulated.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>Complete training settings of the models.</summary>
    public PhoneModelOptions Options { get; init; }

    /// <summary>One row for the undegraded recordings, then one for each degradation.</summary>
    [JsonInclude]
    internal IReadOnlyList<WarningRow> Rows { get; init; }

    /// <summary>Degradations that the machine could not make, each with the reason.</summary>
    public IReadOnlyList<string> Untested { get; init; }

    /// <summary>Machine and software of the computation.</summary>
    [JsonInclude]
    internal RunEnvironment Environment { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Problems()
    {
        if (Rows.Count == 0 || Rows[0].Label != RobustnessCondition.Untouched)
            yield return "the undegraded recordings do not come first";
        if (Rows.Any(row => row.Recordings < 1 || row.Warned < 0 || row.Warned > row.Recordings
            || row.Aspects.Values.Any(count => count < 0 || count > row.Warned)))
            yield return "there are more warnings than recordings";
    }
}

/// <summary>Warnings about recordings with one degradation.</summary>
/// <param name="Label">The degradation: "white noise, 30 dB"; <see cref="RobustnessCondition.Untouched"/> for none.</param>
/// <param name="Recordings">Number of recordings tested.</param>
/// <param name="Warned">Number of recordings with at least one warning.</param>
/// <param name="Aspects">Number of recordings with a warning about each aspect (<see cref="DomainDifference.Aspect"/>).</param>
internal sealed record WarningRow(
    string Label, int Recordings, int Warned, [property: JsonPropertyName("traits")] IReadOnlyDictionary<string, int> Aspects);

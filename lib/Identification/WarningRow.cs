using System.Text.Json.Serialization;

namespace DeviceId.Identification;

/// <summary>How often a model warned of recordings to which one thing had been done.</summary>
/// <param name="Label">What was done: "white noise, 30 dB"; <see cref="Experiments.RobustnessCondition.Untouched"/> for nothing.</param>
/// <param name="Recordings">Recordings that were asked about.</param>
/// <param name="Warned">Those of them that at least one warning was given of.</param>
/// <param name="Aspects">For each respect (<see cref="DomainDifference.Aspect"/>) how many were warned of because of it.</param>
internal sealed record WarningRow(string Label, int Recordings, int Warned, [property: JsonPropertyName("traits")] IReadOnlyDictionary<string, int> Aspects);

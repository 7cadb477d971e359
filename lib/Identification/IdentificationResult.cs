using System.Text.Json.Serialization;

namespace DeviceId.Identification;

/// <summary>The first candidate of a recording or segment that a model has not learnt from; the truth is known.</summary>
/// <param name="TrueDevice">The device that made it.</param>
/// <param name="Sentence">What was recorded.</param>
/// <param name="Named">The first candidate.</param>
/// <param name="Probability">Its calibrated probability.</param>
internal readonly record struct IdentificationResult([property: JsonPropertyName("made")] string TrueDevice, string Sentence, string Named, double Probability);

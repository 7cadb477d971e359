using System.Text.Json.Serialization;

namespace DeviceId.Identification;

/// <summary>The first candidate of a recording, asked of a model that may not know its device.</summary>
/// <param name="TrueDevice">The device that made it.</param>
/// <param name="Sentence">What was recorded.</param>
/// <param name="IsKnown">Whether the model knows that device.</param>
/// <param name="Named">The first candidate.</param>
/// <param name="Similarity">How much alike the recording and that candidate are (<see cref="WccnCosineScorer.Similarities"/>).</param>
internal readonly record struct OpenSetResult([property: JsonPropertyName("made")] string TrueDevice, string Sentence, bool IsKnown, string Named, [property: JsonPropertyName("likeness")] double Similarity);

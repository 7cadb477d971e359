using System.Text.Json.Serialization;

namespace DeviceId.Identification;

/// <summary>A recording beside one device: was it this one?</summary>
/// <param name="Device">The device's name.</param>
/// <param name="Similarity">See <see cref="WccnCosineScorer.Similarities"/>; in [-1, 1].</param>
/// <param name="LogRatio">Natural logarithm of the likelihood ratio: that it was this device against that it was one nobody has seen.</param>
public readonly record struct DeviceComparison(string Device, [property: JsonPropertyName("likeness")] double Similarity, double LogRatio);

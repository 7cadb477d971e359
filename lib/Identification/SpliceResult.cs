using System.Text.Json.Serialization;

namespace DeviceId.Identification;

/// <summary>A recording into which a piece of another device's was put, at the same words.</summary>
/// <param name="TrueDevice">The device of the recording.</param>
/// <param name="Inserted">The device of the piece.</param>
/// <param name="Seconds">The piece's length (s); 0 for a recording that was left as it was.</param>
/// <param name="Segments">Pieces that the model divides it into.</param>
/// <param name="IsFound">Whether the model finds a piece of the device that it came from, which covers half of it at least and lies in it with half of its own length at least, and elsewhere the recording's own.</param>
internal readonly record struct SpliceResult([property: JsonPropertyName("made")] string TrueDevice, string Inserted, double Seconds, [property: JsonPropertyName("pieces")] int Segments, bool IsFound);

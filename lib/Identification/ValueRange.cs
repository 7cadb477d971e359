using System.Text.Json.Serialization;

namespace DeviceId.Identification;

/// <summary>What the training recordings were like in one respect.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The greatest value.</param>
internal readonly record struct ValueRange([property: JsonPropertyName("least")] double Min, [property: JsonPropertyName("greatest")] double Max)
{
    /// <summary>The range of some values; one at least.</summary>
    public static ValueRange Over(IEnumerable<double> values)
    {
        var all = values.ToList();
        return new ValueRange(all.Min(), all.Max());
    }

    /// <summary>Whether a value lies outside by more than a margin.</summary>
    /// <param name="value">The value.</param>
    /// <param name="margin">At least 0.</param>
    public bool Excludes(double value, double margin) => !(value >= Min - margin && value <= Max + margin);
}

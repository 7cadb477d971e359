namespace DeviceId.Identification;

/// <summary>What the training recordings were like in one respect.</summary>
/// <param name="Least">The smallest value.</param>
/// <param name="Greatest">The greatest value.</param>
internal readonly record struct TraitRange(double Least, double Greatest)
{
    /// <summary>The range of some values; one at least.</summary>
    public static TraitRange Of(IEnumerable<double> values)
    {
        var all = values.ToList();
        return new TraitRange(all.Min(), all.Max());
    }

    /// <summary>Whether a value lies outside by more than a margin.</summary>
    /// <param name="value">The value.</param>
    /// <param name="margin">At least 0.</param>
    public bool Excludes(double value, double margin) => !(value >= Least - margin && value <= Greatest + margin);
}

namespace DeviceId.Corpora;

/// <summary>Selects devices for an instructive comparison.</summary>
public static class ContrastingDevices
{
    /// <summary>
    /// Selects four devices: two units of the same model, another model of the same brand, and a device of another brand. What the corpus
    /// lacks is replaced by its first other devices.
    /// </summary>
    /// <returns>Up to four device names.</returns>
    public static IReadOnlyList<string> ChooseFour(Corpus corpus)
    {
        var parsed = corpus.Devices.Select(device => (Device: device, Name: DeviceName.Parse(device))).ToList();
        var units = parsed.GroupBy(d => (d.Name.Brand, d.Name.Model)).FirstOrDefault(g => g.Count() > 1)?.Take(2).ToList() ?? [parsed[0]];
        var (brand, model) = (units[0].Name.Brand, units[0].Name.Model);
        var otherModel = parsed.Where(d => d.Name.Brand == brand && d.Name.Model != model).Take(1);
        var otherBrand = parsed.Where(d => d.Name.Brand != brand).Take(1);
        return [.. units.Concat(otherModel).Concat(otherBrand).Concat(parsed).Select(d => d.Device).Distinct().Take(4)];
    }
}

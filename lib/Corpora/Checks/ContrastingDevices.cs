namespace DeviceId.Corpora;

/// <summary>Devices that make a telling comparison.</summary>
public static class ContrastingDevices
{
    /// <summary>
    /// Four devices: two units of one model, another model of the same brand, another brand, as far as the corpus has them;
    /// the first others where it has not.
    /// </summary>
    /// <returns>Up to four device names.</returns>
    public static IReadOnlyList<string> ChooseFour(Corpus corpus)
    {
        var named = corpus.Devices.Select(device => (Device: device, Name: DeviceName.Parse(device))).ToList();
        var units = named.GroupBy(d => (d.Name.Brand, d.Name.Model)).FirstOrDefault(g => g.Count() > 1)?.Take(2).ToList() ?? [named[0]];
        var (brand, model) = (units[0].Name.Brand, units[0].Name.Model);
        var sibling = named.Where(d => d.Name.Brand == brand && d.Name.Model != model).Take(1);
        var stranger = named.Where(d => d.Name.Brand != brand).Take(1);
        return [.. units.Concat(sibling).Concat(stranger).Concat(named).Select(d => d.Device).Distinct().Take(4)];
    }
}

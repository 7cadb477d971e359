using System.Globalization;
using System.Text.RegularExpressions;

namespace DeviceId.Corpora;

/// <summary>What a device's name says: brand, model and which unit of that model.</summary>
/// <param name="Name">The name as it is in the data, typos included.</param>
/// <param name="Brand">Brand, spelt the same for all of its devices: "Huawei".</param>
/// <param name="Model">Model without the brand: "Honor 8".</param>
/// <param name="Unit">1 for the first unit of a model; a bracketed number n in the name makes it n + 1.</param>
internal sealed partial record DeviceName(string Name, string Brand, string Model, int Unit)
{
    /// <summary>Reads a device's name; the 45 names of CCNU-Mobile are known, others are read by their first word.</summary>
    /// <param name="name">"huwei_honor8(1)", "Nokia 3310".</param>
    /// <exception cref="CorpusException">The name is empty.</exception>
    public static DeviceName Parse(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new CorpusException("A device has an empty name; name its files or its folder after the phone.");
        var match = Bracketed().Match(name);
        var unit = match.Success ? int.Parse(match.Groups["unit"].ValueSpan, CultureInfo.InvariantCulture) + 1 : 1;
        var bare = (match.Success ? match.Groups["bare"].Value : name).Trim();
        var (brand, model) = KnownModels.Find(bare) ?? FromWords(bare);
        return new DeviceName(name, brand, model, unit);
    }

    private static (string Brand, string Model) FromWords(string bare)
    {
        var words = bare.Split([' ', '_', '-'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0)
            return (bare, bare);
        var brand = KnownModels.Brand(words[0]) ?? Capitalised(words[0]);
        return (brand, words.Length == 1 ? words[0] : string.Join(' ', words.Skip(1)));
    }

    private static string Capitalised(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    [GeneratedRegex(@"^(?<bare>.+?)\s*\((?<unit>[0-9]{1,3})\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Bracketed();
}

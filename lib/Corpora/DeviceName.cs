using System.Globalization;
using System.Text.RegularExpressions;

namespace DeviceId.Corpora;

/// <summary>A device name parsed into brand, model and unit of the model.</summary>
/// <param name="Name">The name as in the data, including typos.</param>
/// <param name="Brand">Brand in a uniform spelling: "Huawei".</param>
/// <param name="Model">Model without the brand: "Honor 8".</param>
/// <param name="Unit">Unit of the model, from 1: n + 1 if the name ends with (n), else 1.</param>
internal sealed partial record DeviceName(string Name, string Brand, string Model, int Unit)
{
    /// <summary>Parses a device name. The 45 names of CCNU-Mobile are known; in other names the first word is the brand.</summary>
    /// <param name="name">A name such as "huwei_honor8(1)" or "Nokia 3310".</param>
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

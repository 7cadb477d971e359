namespace DeviceId.Corpora;

/// <summary>Brands and models of CCNU-Mobile by the spelling in its file names.</summary>
/// <remarks>
/// Brands are those of 2019: Honor and Redmi were series of Huawei and Xiaomi, while nubia, founded by ZTE, sold under its own name. This
/// gives the eight brands that the paper counts (section "Dataset").
/// </remarks>
internal static class KnownModels
{
    private static readonly Dictionary<string, (string Brand, string Model)> Models = new(StringComparer.Ordinal)
    {
        ["appleair1"] = ("Apple", "iPad Air 1"),
        ["appleair2"] = ("Apple", "iPad Air 2"),
        ["ipad7"] = ("Apple", "iPad 7"),
        ["iphone6"] = ("Apple", "iPhone 6"),
        ["iphone6s"] = ("Apple", "iPhone 6S"),
        ["iphone7plus"] = ("Apple", "iPhone 7 Plus"),
        ["iphonex"] = ("Apple", "iPhone X"),
        ["iphonese"] = ("Apple", "iPhone SE"),
        ["honor9stfaloo"] = ("Huawei", "Honor 9"),
        ["huaweihonor8"] = ("Huawei", "Honor 8"),
        ["huaweihonor7x"] = ("Huawei", "Honor 7X"),
        ["huaweihonor10"] = ("Huawei", "Honor 10"),
        ["huaweihonorv8"] = ("Huawei", "Honor V8"),
        ["huaweinova"] = ("Huawei", "Nova"),
        ["huaweinova3e"] = ("Huawei", "Nova 3e"),
        ["huaweinovo2s"] = ("Huawei", "Nova 2s"),
        ["huaweip10"] = ("Huawei", "P10"),
        ["huaweip20"] = ("Huawei", "P20"),
        ["huaweitagal00"] = ("Huawei", "TAG-AL00"),
        ["redmi3s"] = ("Xiaomi", "Redmi 3S"),
        ["redminote4x"] = ("Xiaomi", "Redmi Note 4X"),
        ["xiaomi2s"] = ("Xiaomi", "Mi 2S"),
        ["xiaomi5"] = ("Xiaomi", "Mi 5"),
        ["xiaomi8"] = ("Xiaomi", "Mi 8"),
        ["xiaomi8se"] = ("Xiaomi", "Mi 8 SE"),
        ["xiaominote3"] = ("Xiaomi", "Mi Note 3"),
        ["xiaomimix2"] = ("Xiaomi", "Mi Mix 2"),
        ["samsungs8"] = ("Samsung", "S8"),
        ["sphd710"] = ("Samsung", "SPH-D710"),
        ["ztec880a"] = ("ZTE", "C880A"),
        ["zteg719c"] = ("ZTE", "G719C"),
        ["nubiaz11"] = ("Nubia", "Z11"),
        ["oppor9s"] = ("OPPO", "R9s"),
        ["vivox3f"] = ("vivo", "X3F"),
        ["vivox7"] = ("vivo", "X7"),
        ["vivoy11t"] = ("vivo", "Y11t"),
    };

    private static readonly Dictionary<string, string> Brands = new(StringComparer.OrdinalIgnoreCase)
    {
        ["apple"] = "Apple",
        ["iphone"] = "Apple",
        ["ipad"] = "Apple",
        ["huawei"] = "Huawei",
        ["huwei"] = "Huawei",
        ["honor"] = "Huawei",
        ["xiaomi"] = "Xiaomi",
        ["redmi"] = "Xiaomi",
        ["samsung"] = "Samsung",
        ["zte"] = "ZTE",
        ["nubia"] = "Nubia",
        ["oppo"] = "OPPO",
        ["vivo"] = "vivo",
    };

    /// <summary>Looks up brand and model of a device name without its bracketed number; null if unknown.</summary>
    public static (string Brand, string Model)? Find(string name)
    {
        var key = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        if (key.StartsWith("huwei", StringComparison.Ordinal))
            key = "huawei" + key["huwei".Length..];
        return Models.TryGetValue(key, out var model) ? model : null;
    }

    /// <summary>Looks up the brand by the first word of a device name; null if unknown.</summary>
    public static string? Brand(string word) => Brands.GetValueOrDefault(word);
}

namespace DeviceId.Corpora;

/// <summary>The models of CCNU-Mobile under the spellings that its file names use.</summary>
/// <remarks>
/// Brands follow the name on the phone's box in 2019: Honor and Redmi were series of Huawei and Xiaomi, while nubia, begun by ZTE,
/// sold under its own name. So there are eight brands, as the paper counts (section "Dataset").
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

    /// <summary>Brand and model of a name without its bracketed number, or null where it is unknown.</summary>
    public static (string Brand, string Model)? Find(string bare)
    {
        var key = string.Concat(bare.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        if (key.StartsWith("huwei", StringComparison.Ordinal))
            key = "huawei" + key["huwei".Length..];
        return Models.TryGetValue(key, out var found) ? found : null;
    }

    /// <summary>The brand that a first word names, or null.</summary>
    public static string? Brand(string word) => Brands.GetValueOrDefault(word);
}

using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class DeviceNameTests
{
    /// <summary>All 45 names of CCNU-Mobile as in the data.</summary>
    public static readonly TheoryData<string, string, string, int> Names = new()
    {
        { "Apple_air1", "Apple", "iPad Air 1", 1 },
        { "Apple_air2", "Apple", "iPad Air 2", 1 },
        { "Apple_air2(1)", "Apple", "iPad Air 2", 2 },
        { "Honor9 STF-ALOO", "Huawei", "Honor 9", 1 },
        { "IPHONE6", "Apple", "iPhone 6", 1 },
        { "IPHONE6(1)", "Apple", "iPhone 6", 2 },
        { "IPHONE6(2)", "Apple", "iPhone 6", 3 },
        { "IPHONE6(3)", "Apple", "iPhone 6", 4 },
        { "IPHONE6S", "Apple", "iPhone 6S", 1 },
        { "IPHONE6S(1)", "Apple", "iPhone 6S", 2 },
        { "IPHONE6S(2)", "Apple", "iPhone 6S", 3 },
        { "IPHONE7plus", "Apple", "iPhone 7 Plus", 1 },
        { "IPHONEX", "Apple", "iPhone X", 1 },
        { "IPHONE_SE", "Apple", "iPhone SE", 1 },
        { "Redmi 3S", "Xiaomi", "Redmi 3S", 1 },
        { "Redmi Note4x", "Xiaomi", "Redmi Note 4X", 1 },
        { "SAMSUNG_S8", "Samsung", "S8", 1 },
        { "SPH-D710", "Samsung", "SPH-D710", 1 },
        { "ZTE C880A", "ZTE", "C880A", 1 },
        { "ZTE G719C", "ZTE", "G719C", 1 },
        { "huawei Novo2s", "Huawei", "Nova 2s", 1 },
        { "huawei_TAG_AL00", "Huawei", "TAG-AL00", 1 },
        { "huawei_honor10", "Huawei", "Honor 10", 1 },
        { "huawei_honor8(2)", "Huawei", "Honor 8", 3 },
        { "huawei_nova", "Huawei", "Nova", 1 },
        { "huawei_nova3e", "Huawei", "Nova 3e", 1 },
        { "huawei_p10", "Huawei", "P10", 1 },
        { "huawei_p20", "Huawei", "P20", 1 },
        { "huwei_honor7x", "Huawei", "Honor 7X", 1 },
        { "huwei_honor8", "Huawei", "Honor 8", 1 },
        { "huwei_honor8(1)", "Huawei", "Honor 8", 2 },
        { "huwei_honorV8", "Huawei", "Honor V8", 1 },
        { "ipad7", "Apple", "iPad 7", 1 },
        { "nubia_Z11", "Nubia", "Z11", 1 },
        { "oppo_R9s", "OPPO", "R9s", 1 },
        { "vivo_X3F", "vivo", "X3F", 1 },
        { "vivo_Y11t", "vivo", "Y11t", 1 },
        { "vivo_x7", "vivo", "X7", 1 },
        { "xiaomi note3", "Xiaomi", "Mi Note 3", 1 },
        { "xiaomi2s", "Xiaomi", "Mi 2S", 1 },
        { "xiaomi5", "Xiaomi", "Mi 5", 1 },
        { "xiaomi8", "Xiaomi", "Mi 8", 1 },
        { "xiaomi8se", "Xiaomi", "Mi 8 SE", 1 },
        { "xiaomi8se(1)", "Xiaomi", "Mi 8 SE", 2 },
        { "xiaomi_mix2", "Xiaomi", "Mi Mix 2", 1 },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void BrandModelAndUnitOfEveryKnownNameAreRead(string name, string brand, string model, int unit) =>
        Assert.Equal(new DeviceName(name, brand, model, unit), DeviceName.Parse(name));

    [Fact]
    public void The45NamesAre45UnitsOf8BrandsAsThePaperCounts()
    {
        var parsed = Names.Select(row => DeviceName.Parse(row.Data.Item1)).ToList();

        Assert.Equal(45, parsed.Count);
        Assert.Equal(8, parsed.Select(n => n.Brand).Distinct().Count());
        Assert.Equal(45, parsed.Select(n => (n.Brand, n.Model, n.Unit)).Distinct().Count());
    }

    [Theory]
    [InlineData("Nokia 3310", "Nokia", "3310", 1)]
    [InlineData("nokia_3310 (2)", "Nokia", "3310", 3)]
    [InlineData("Huwei P40", "Huawei", "P40", 1)]
    [InlineData("Pixel", "Pixel", "Pixel", 1)]
    [InlineData("___", "___", "___", 1)]
    [InlineData("(1)", "(1)", "(1)", 1)]
    public void AnUnknownNameIsReadByItsFirstWord(string name, string brand, string model, int unit) =>
        Assert.Equal(new DeviceName(name, brand, model, unit), DeviceName.Parse(name));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void AnEmptyNameIsAnError(string name) => Assert.Throws<CorpusException>(() => DeviceName.Parse(name));
}

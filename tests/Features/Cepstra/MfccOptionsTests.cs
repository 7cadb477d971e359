using DeviceId.Features;
using DeviceId.Foundation;

namespace DeviceId.Tests.Features;

public sealed class MfccOptionsTests
{
    [Fact]
    public void ThePresetsAreUsableAndGive39Columns()
    {
        foreach (var options in new[] { MfccOptions.AsWritten, MfccOptions.Melcepst })
        {
            Assert.Empty(options.Problems());
            Assert.Equal(39, options.Dimension);
            Assert.False(options.Cmvn);
        }
    }

    [Fact]
    public void EveryProblemIsReportedAtOnce()
    {
        var invalid = new MfccOptions
        {
            FrameMilliseconds = double.NaN, FrameRounding = (FrameRounding)7, HopFraction = 0, Filters = 0, Coefficients = 0,
        };
        var error = Assert.Throws<OptionsException>(invalid.Validate);
        Assert.Equal(5, error.Problems.Count);
    }

    [Fact]
    public void MoreCoefficientsThanFiltersAreRefused() =>
        Assert.Contains("more than the 12 Filters", Assert.Single((MfccOptions.AsWritten with { Filters = 12 }).Problems()),
            StringComparison.Ordinal);

    [Fact]
    public void JsonRoundTripPreservesTheSettings()
    {
        var options = MfccOptions.Melcepst with { Cmvn = true, Filters = 40 };
        Assert.Equal(options, Json.Read<MfccOptions>(Json.Write(options)));
        Assert.DoesNotContain("dimension", Json.Write(options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16000, 29)]
    [InlineData(32000, 31)]
    [InlineData(8000, 26)]
    public void FiltersFollowTheSampleRate(int sampleRate, int filters) =>
        Assert.Equal(filters, MfccOptions.AsWritten.FiltersAt(sampleRate));
}

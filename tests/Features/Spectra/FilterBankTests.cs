using DeviceId.Features;

namespace DeviceId.Tests.Features;

public sealed class FilterBankTests
{
    [Fact]
    public void AThousandHertzIsAThousandMelAndBack()
    {
        Assert.Equal(1000, FilterBank.Mel(1000), 1e-9);
        Assert.Equal(0, FilterBank.Mel(0));
        Assert.Equal(3456.7, FilterBank.Hertz(FilterBank.Mel(3456.7)), 1e-9);
    }

    [Fact]
    public void CentresAreEquallySpacedInMelBelowHalfTheSampleRate()
    {
        var bank = new FilterBank(31, 960, 32000);
        var step = FilterBank.Mel(16000) / 32;
        for (var filter = 0; filter < 31; filter++)
            Assert.Equal((filter + 1) * step, FilterBank.Mel(bank.CentreHertz(filter)), 1e-9);
    }

    /// <summary>
    /// Neighbouring triangles add up to 2 between the first and the last centre; DC and half the sampling rate have zero weight.
    /// </summary>
    [Theory]
    [InlineData(29, 480, 16000)]
    [InlineData(31, 960, 32000)]
    [InlineData(32, 1323, 44100)]
    public void NeighboursAddUpToTwoBetweenTheOuterCentres(int filters, int length, int sampleRate)
    {
        var bank = new FilterBank(filters, length, sampleRate);
        Assert.Equal(length / 2 + 1, bank.Bins);
        var between = 0;
        for (var bin = 0; bin < bank.Bins; bin++)
        {
            var frequency = bin * (double)sampleRate / length;
            var sum = Enumerable.Range(0, filters).Sum(filter => bank.Weights[filter, bin]);
            if (bin == 0 || bin == length / 2)
                Assert.Equal(0, sum);
            else if (frequency >= bank.CentreHertz(0) && frequency <= bank.CentreHertz(filters - 1))
            {
                between++;
                Assert.Equal(2, sum, 1e-12);
            }
        }

        Assert.True(between > bank.Bins / 2);
    }

    [Theory]
    [InlineData(0, 480, 16000)]
    [InlineData(29, 3, 16000)]
    [InlineData(29, 480, 0)]
    public void InvalidSizesAreRefused(int filters, int length, int sampleRate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FilterBank(filters, length, sampleRate));
}

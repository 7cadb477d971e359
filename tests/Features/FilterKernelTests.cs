using DeviceId.Features;
using DeviceId.Foundation.Simd;

namespace DeviceId.Tests.Features;

public sealed class FilterKernelTests
{
    [Theory]
    [InlineData(16000, 30.0)]
    [InlineData(32000, 30.0)]
    [InlineData(44100, 20.0)]
    [InlineData(11025, 23.0)]
    public void MagnitudesAndFiltersAgreeWithTheirDefinitionsForEveryWidth(int rate, double milliseconds)
    {
        var tables = new MfccTables(MfccOptions.AsWritten with { FrameMilliseconds = milliseconds }, rate);
        var random = new Random(rate);
        var spectrum = Enumerable.Range(0, 2 * tables.Bank.Bins).Select(_ => random.NextSingle() - 0.5f).ToArray();
        Check<Lanes512>();
        Check<Lanes256>();
        Check<Lanes128>();

        void Check<T>()
            where T : struct, ILanes<T>
        {
            if (!T.IsSupported)
                return;
            var kernel = new FilterKernel<T>(tables);
            var energies = new float[tables.Bank.Filters + 1];
            kernel.Energies(spectrum, energies);
            double Magnitude(int bin) => Math.Sqrt(((double)spectrum[2 * bin] * spectrum[2 * bin]) + ((double)spectrum[(2 * bin) + 1] * spectrum[(2 * bin) + 1]));
            for (var filter = 0; filter < tables.Bank.Filters; filter++)
            {
                var expected = Enumerable.Range(0, tables.Bank.Bins).Sum(bin => tables.Bank.Weights[filter, bin] * Magnitude(bin));
                // A sum of up to a hundred positive products, each rounded once.
                Assert.Equal(1, energies[filter] / expected, 2e-6);
            }

            Assert.Equal(Enumerable.Range(1, (tables.Grid.Length - 1) / 2).Max(Magnitude), energies[^1], 1e-6);
        }
    }

    [Fact]
    public void ASpectrumThatIsNoNumberIsNotHidden()
    {
        var tables = new MfccTables(MfccOptions.AsWritten, 16000);
        var spectrum = new float[2 * tables.Bank.Bins];
        spectrum[100] = float.NaN;
        var energies = new float[tables.Bank.Filters + 1];
        FilterKernel.For(tables).Energies(spectrum, energies);
        Assert.True(float.IsNaN(energies[^1]));
    }
}

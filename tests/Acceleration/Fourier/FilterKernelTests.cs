using System.Runtime.Intrinsics;
using DeviceId.Features;

namespace DeviceId.Tests.Acceleration.Fourier;

public sealed class FilterKernelTests
{
    [Theory]
    [InlineData(16000, 30.0)]
    [InlineData(32000, 30.0)]
    [InlineData(44100, 20.0)]
    [InlineData(11025, 23.0)]
    public void FilterOutputsAgreeWithTheirDefinitionInEveryLane(int rate, double milliseconds)
    {
        var tables = new MfccTables(MfccOptions.AsWritten with { FrameMilliseconds = milliseconds }, rate);
        var random = new Random(rate);
        Vector256<double> Random() => Vector256.Create(random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble());
        var magnitudes = Enumerable.Range(0, tables.Bank.Bins).Select(_ => Random()).ToArray();
        var width = tables.Bank.Filters + 1;
        var energies = new float[3 * width];
        tables.Kernel.Energies(magnitudes, energies, 3);
        for (var frame = 0; frame < 3; frame++)
        {
            for (var filter = 0; filter < tables.Bank.Filters; filter++)
            {
                var expected = Enumerable.Range(0, tables.Bank.Bins).Sum(bin => tables.Bank.Weights[filter, bin] * magnitudes[bin][frame]);
                // Summed in double precision, rounded to single precision: 2^-24.
                Assert.Equal(expected, energies[(frame * width) + filter], 1e-7 * expected);
            }

            var max = Enumerable.Range(1, (tables.Grid.Length - 1) / 2).Max(bin => magnitudes[bin][frame]);
            Assert.Equal((float)max, energies[(frame * width) + width - 1]);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AMagnitudeThatIsNotFiniteIsNotHidden(double value)
    {
        var tables = new MfccTables(MfccOptions.AsWritten, 16000);
        var magnitudes = new Vector256<double>[tables.Bank.Bins];
        magnitudes[50] = magnitudes[50].WithElement(1, value);
        var width = tables.Bank.Filters + 1;
        var energies = new float[2 * width];
        tables.Kernel.Energies(magnitudes, energies, 2);
        Assert.Equal(0, energies[width - 1]);
        Assert.Equal((float)value, energies[(2 * width) - 1]);
    }
}

using System.Numerics;
using System.Runtime.Intrinsics;
using DeviceId.Acceleration.Fourier;
using DeviceId.Features;

namespace DeviceId.Tests.Acceleration.Fourier;

public sealed class FourierTransformTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(90)]
    [InlineData(331)]
    [InlineData(480)]
    [InlineData(1323)]
    public void EveryLaneAgreesWithTheDefinitionOfTheTransform(int length)
    {
        var random = new Random(length);
        var values = Enumerable.Range(0, 2 * length)
            .Select(_ => Vector256.Create(random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble())
                - Vector256.Create(0.5))
            .ToArray();
        var input = values.ToArray();
        var transform = new FourierTransform(length);
        transform.Run(values);
        Assert.Equal(Enumerable.Range(0, length), transform.OutputIndices.Order());
        for (var lane = 0; lane < FrameSpectrum.Lanes; lane++)
        {
            for (var k = 0; k < length; k++)
            {
                var expected = Complex.Zero;
                for (var n = 0; n < length; n++)
                    expected += new Complex(input[2 * n][lane], input[(2 * n) + 1][lane])
                        * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)n * k % length) / length);
                var at = 2 * transform.OutputIndices[k];
                // Rounding of both sums is at most about length x 2^-53; a typical bin is sqrt(length / 6).
                Assert.Equal(0, (expected - new Complex(values[at][lane], values[at + 1][lane])).Magnitude, 1e-15 * length);
            }
        }
    }

    [Theory]
    [InlineData(960, true)]
    [InlineData(499, true)]
    [InlineData(1323, true)]
    [InlineData(503, false)] // a prime
    [InlineData(2 * 1009, false)]
    [InlineData(0, false)]
    public void OnlyLengthsWithSmallPrimeFactorsAreAccepted(int length, bool expected) =>
        Assert.Equal(expected, FourierTransform.Accepts(length));
}

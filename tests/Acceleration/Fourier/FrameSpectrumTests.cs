using System.Numerics;
using DeviceId.Acceleration.Fourier;
using DeviceId.Features;

namespace DeviceId.Tests.Acceleration.Fourier;

public sealed class FrameSpectrumTests
{
    [Theory]
    [InlineData(240, 120, 4)]
    [InlineData(662, 331, 4)] // twice an odd number: 30 ms at 22.05 kHz
    [InlineData(1323, 661, 4)] // odd: 30 ms at 44.1 kHz
    [InlineData(6, 1, 3)]
    [InlineData(9, 4, 1)]
    public void MagnitudesAgreeWithTheirDefinition(int length, int hop, int frames)
    {
        var random = new Random(length);
        // No sample after the last frame: reading one would fail.
        var samples = Enumerable.Range(0, ((frames - 1) * hop) + length).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var window = Enumerable.Range(0, length).Select(_ => random.NextDouble()).ToArray();
        var spectrum = new FrameSpectrum(window);
        var magnitudes = spectrum.Magnitudes(samples, hop, frames, spectrum.NewWorkspace());
        Assert.Equal((length / 2) + 1, magnitudes.Length);
        for (var lane = 0; lane < FrameSpectrum.Lanes; lane++)
        {
            var start = Math.Min(lane, frames - 1) * hop;
            for (var k = 0; k < magnitudes.Length; k++)
            {
                var expected = Complex.Zero;
                for (var n = 0; n < length; n++)
                    expected += samples[start + n] * window[n]
                        * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)n * k % length) / length);
                // Power and square root are rounded to single precision: 2^-24 plus half of 2^-24.
                Assert.Equal(expected.Magnitude, magnitudes[k][lane], (1e-7 * expected.Magnitude) + (1e-15 * length));
            }
        }
    }
}

using DeviceId.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class DeltasTests
{
    [Fact]
    public void TheDeltaOfAStraightLineIsItsSlopeAndTheDeltaDeltaIsZero()
    {
        using var scope = NewDisposeScope();
        var line = (arange(30, ScalarType.Float64) * 2.5 + 7).unsqueeze(1);
        var all = GoldenFeatures.Values(Deltas.Append(line));
        for (var t = 5; t < 25; t++)
        {
            Assert.Equal(2.5, all[3 * t + 1], 1e-12);
            Assert.Equal(0, all[3 * t + 2], 1e-12);
        }

        // At the first frame, which is repeated before the start, only the forward differences contribute: half the sum.
        Assert.Equal(2.5 / 2, all[1], 1e-12);
    }

    /// <summary>Compares with the sums of docs/mfcc.md, evaluated frame by frame.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(23)]
    public void AnyNumberOfFramesAgreesWithTheDefinition(int frames)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var c = randn(frames, 4, dtype: ScalarType.Float64);
        var values = GoldenFeatures.Values(c);
        double At(int t, int j) => values[Math.Clamp(t, 0, frames - 1) * 4 + j];
        double Delta(int t, int j) => Enumerable.Range(-4, 9).Sum(k => k * At(t + k, j)) / 60;
        var appended = Deltas.Append(c);
        Assert.Equal([frames, 12L], appended.shape);
        var actual = GoldenFeatures.Values(appended);
        for (var t = 0; t < frames; t++)
        {
            for (var j = 0; j < 4; j++)
            {
                Assert.Equal(At(t, j), actual[t * 12 + j]);
                Assert.Equal(Delta(t, j), actual[t * 12 + 4 + j], 1e-14);
                Assert.Equal((Delta(t + 1, j) - Delta(t - 1, j)) / 2, actual[t * 12 + 8 + j], 1e-14);
            }
        }
    }

    [Fact]
    public void AnEmptyMatrixGivesAnEmptyMatrix()
    {
        using var none = zeros(0, 13);
        using var all = Deltas.Append(none);
        Assert.Equal([0L, 39L], all.shape);
    }
}

using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class LpccTests
{
    private const int Points = 4096;

    /// <summary>
    /// Normal equations by Gaussian elimination, and the cepstrum as the inverse Fourier transform of ln |1 / A| at 4096 points: no
    /// recursion of the feature. More coefficients than the order, and fewer. Tolerance: float32 of values near 10.
    /// </summary>
    [Theory]
    [InlineData(12, 13)]
    [InlineData(6, 20)]
    [InlineData(20, 5)]
    public void CepstraAgreeWithTheSpectrumOfTheInversePredictor(int order, int coefficients)
    {
        var clip = SlowFeatures.Bursts(1200);
        var expected = SlowFeatures.Frames(clip, 240, 120).Select(frame =>
        {
            var windowed = frame.Zip(SlowFeatures.Hamming(240), (s, w) => s * w).ToArray();
            var r = Enumerable.Range(0, order + 1).Select(lag => windowed.Skip(lag).Zip(windowed, (a, b) => a * b).Sum()).ToArray();
            r[0] *= 1 + 1e-9;
            var a = Solve(r, order);
            var energy = r[0] - Enumerable.Range(0, order).Sum(k => a[k] * r[k + 1]);
            return Cepstrum(a, coefficients).Prepend(Math.Log(energy)).ToArray();
        }).ToArray();
        var options = new LpccOptions { Order = order, Coefficients = coefficients, Deltas = false };
        Assert.InRange(SlowFeatures.MaxDifference(expected, SlowFeatures.Extract(options, clip)), 0, 1e-4);
    }

    /// <summary>The channel 1 + b / z has the cepstrum b, -b^2 / 2, b^3 / 3, … and leaves the residual energy as it is.</summary>
    [Fact]
    public void AConstantChannelAddsItsCepstrum()
    {
        var options = new LpccOptions { Order = 24, Coefficients = 8, Deltas = false };
        var clip = SlowFeatures.Noise(40000);
        var difference = SlowFeatures.Means(SlowFeatures.Extract(options, SlowFeatures.Channel(clip, 0.5)))
            .Zip(SlowFeatures.Means(SlowFeatures.Extract(options, clip)), (with, without) => with - without).ToArray();
        Assert.Equal(0, difference[0], 0.05);
        for (var m = 1; m < 8; m++)
            Assert.Equal(-Math.Pow(-0.5, m) / m, difference[m], 0.02);
    }

    [Fact]
    public void AGainAffectsOnlyC0()
    {
        var options = new LpccOptions { Deltas = false };
        var clip = SlowFeatures.Noise(4000);
        var (loud, quiet) = (SlowFeatures.Extract(options, clip), SlowFeatures.Extract(options, SlowFeatures.Gain(clip, 1 / 8f)));
        var expected = loud.Select(row => row.Select((c, i) => i == 0 ? c - 2 * Math.Log(8) : c).ToArray()).ToArray();
        Assert.InRange(SlowFeatures.MaxDifference(expected, quiet), 0, 1e-4);
    }

    [Fact]
    public void DeltasFollowTheCepstra()
    {
        using var scope = NewDisposeScope();
        var clip = SlowFeatures.Noise(4000);
        var statics = (new LpccOptions { Deltas = false }).Create(CPU).Extract([clip])[0];
        Assert.True(Deltas.Append(statics).Equals(new LpccOptions().Create(CPU).Extract([clip])[0]));
    }

    [Fact]
    public void OrdersThatDoNotFitAreRefused()
    {
        Assert.Equal(2, Assert.Throws<OptionsException>(new LpccOptions { Order = 0, Coefficients = 0 }.Validate).Problems.Count);
        var short4 = new LpccOptions { FrameMilliseconds = 2, Order = 16 };
        Assert.Contains("order 16", Assert.Throws<ArgumentException>(() => short4.Create(CPU).Extract([SlowFeatures.Noise(100)])).Message,
            StringComparison.Ordinal);
    }

    private static double[] Solve(double[] r, int order)
    {
        var matrix = new double[order, order + 1];
        for (var i = 0; i < order; i++)
        {
            for (var j = 0; j < order; j++)
                matrix[i, j] = r[Math.Abs(i - j)];
            matrix[i, order] = r[i + 1];
        }

        // Positive definite: no pivoting is needed.
        for (var pivot = 0; pivot < order; pivot++)
            for (var row = 0; row < order; row++)
                if (row != pivot)
                {
                    var factor = matrix[row, pivot] / matrix[pivot, pivot];
                    for (var column = pivot; column <= order; column++)
                        matrix[row, column] -= factor * matrix[pivot, column];
                }

        return [.. Enumerable.Range(0, order).Select(i => matrix[i, order] / matrix[i, i])];
    }

    private static IEnumerable<double> Cepstrum(double[] a, int coefficients)
    {
        var logarithms = Enumerable.Range(0, Points).Select(n =>
            -0.5 * Math.Log(SlowFeatures.Power([1, .. a.Select(value => -value)], 2 * Math.PI * n / Points))).ToArray();
        // The real cepstrum is half of the one of the minimum-phase filter.
        return Enumerable.Range(1, coefficients - 1)
            .Select(m => 2 * logarithms.Select((value, n) => value * Math.Cos(2 * Math.PI * m * n / Points)).Average());
    }
}

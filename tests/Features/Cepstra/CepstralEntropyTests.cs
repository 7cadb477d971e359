using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

[Collection(TensorCollection.Name)]
public sealed class CepstralEntropyTests
{
    /// <summary>Tolerance: float32 of values up to 1.</summary>
    [Theory]
    [InlineData(EntropyWeights.Magnitude, 8)]
    [InlineData(EntropyWeights.Softmax, 8)]
    [InlineData(EntropyWeights.Magnitude, 7)]
    [InlineData(EntropyWeights.Magnitude, 4000)]
    public void EntropiesAgreeWithAPlainProgram(EntropyWeights weights, int quietFrames)
    {
        var clip = SlowFeatures.Bursts(8000);
        var cepstra = SlowFeatures.Extract(MfccOptions.AsWritten with { Deltas = false }, clip);
        var quiet = Enumerable.Range(0, cepstra.Length).OrderBy(t => cepstra[t][0]).Take((int)Math.Ceiling(0.3 * cepstra.Length)).Order()
            .ToList();
        var count = Math.Min(quietFrames, quiet.Count);
        var expected = cepstra.Select((_, t) =>
        {
            var first = Math.Clamp(quiet.Count(q => q < t) - count / 2, 0, quiet.Count - count);
            var near = quiet.Skip(first).Take(count).ToList();
            return Enumerable.Range(0, 13).Select(i => Entropy(weights, [.. near.Select(q => cepstra[q][i])])).ToArray();
        }).ToArray();
        var options = new CepstralEntropyOptions { QuietShare = 0.3, QuietFrames = quietFrames, Weights = weights };
        var actual = SlowFeatures.Extract(options, clip);
        Assert.InRange(SlowFeatures.MaxDifference(expected, actual), 0, 1e-6);
        Assert.All(actual, row => Assert.All(row, h => Assert.InRange(h, 0, 1.000001)));
    }

    /// <summary>
    /// A constant channel adds a constant to each cepstrum: softmax does not see it, magnitudes do. Tolerance: float32 cepstra.
    /// </summary>
    [Fact]
    public void SoftmaxLosesAConstantChannelAndMagnitudesChangeWithIt()
    {
        using var scope = NewDisposeScope();
        var cepstra = (MfccOptions.AsWritten with { Deltas = false }).Create(CPU).Extract([SlowFeatures.Bursts(8000)])[0];
        var channel = tensor(Enumerable.Range(0, 13).Select(i => 2f / (i + 1)).ToArray());
        double Change(EntropyWeights weights)
        {
            var entropy = new CepstralEntropy(new CepstralEntropyOptions { Weights = weights }, CPU);
            return (entropy.Compute(cepstra + channel) - entropy.Compute(cepstra)).abs().max().item<float>();
        }

        Assert.InRange(Change(EntropyWeights.Softmax), 0, 1e-5);
        Assert.InRange(Change(EntropyWeights.Magnitude), 1e-3, 1);
    }

    [Fact]
    public void OneQuietFrameHasTheEntropyOne() => Assert.All(
        SlowFeatures.Extract(new CepstralEntropyOptions { QuietShare = 1e-9 }, SlowFeatures.Bursts(8000)),
        row => Assert.All(row, h => Assert.Equal(1, h)));

    [Fact]
    public void InvalidSettingsAreRefused()
    {
        var invalid = new CepstralEntropyOptions { QuietShare = 0, QuietFrames = 1, Weights = (EntropyWeights)5, Coefficients = 0 };
        Assert.Equal(4, Assert.Throws<OptionsException>(invalid.Validate).Problems.Count);
    }

    private static double Entropy(EntropyWeights weights, double[] values)
    {
        var largest = values.Max();
        var shares = values.Select(c => weights == EntropyWeights.Softmax ? Math.Exp(c - largest) : Math.Abs(c)).ToArray();
        return -shares.Select(s => s / shares.Sum()).Sum(p => p > 0 ? p * Math.Log(p) : 0) / Math.Log(values.Length);
    }
}

using DeviceId.Foundation;
using DeviceId.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Models;

[Collection(TensorCollection.Name)]
public sealed class SeededDropoutTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.99)]
    public void ValuesAreDroppedWithTheGivenProbabilityAndTheExpectedSumIsUnchanged(double probability)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        const int Count = 400_000;
        var input = ones(400, Count / 400).requires_grad_();
        var output = new SeededDropout(probability).call(input);
        var values = output.data<float>().ToArray();
        Assert.Equal(2, values.Distinct().Count());
        Assert.Equal((float)(1 / (1 - probability)), values.Max());
        // Within five standard deviations of a binomial proportion.
        var kept = values.Count(v => v != 0) / (double)Count;
        var tolerance = 5 * Math.Sqrt(probability * (1 - probability) / Count);
        Assert.InRange(kept - (1 - probability), -tolerance, tolerance);
        // Neighbouring values, four of which come from one draw of the generator, are independent.
        var pairTolerance = 5 * Math.Sqrt((1 - probability) * (1 - probability) / Count);
        foreach (var distance in new[] { 1, 2, 4 })
        {
            var both = Enumerable.Range(0, Count - distance)
                .Count(i => values[i] != 0 && values[i + distance] != 0) / (double)(Count - distance);
            Assert.InRange(both - ((1 - probability) * (1 - probability)), -pairTolerance, pairTolerance);
        }

        output.sum().backward();
        Assert.Equal(values, input.grad!.data<float>().ToArray());
    }

    [Fact]
    public void MasksFollowLibtorchsSeedAndDifferBetweenCalls()
    {
        using var scope = NewDisposeScope();
        var (layer, input) = (new SeededDropout(0.5), ones(67));
        float[] Draw(long? seed)
        {
            if (seed is { } value)
                random.manual_seed(value);
            return [.. layer.call(input).data<float>()];
        }

        var first = Draw(7);
        Assert.NotEqual(first, Draw(null));
        Assert.Equal(first, Draw(7));
        Assert.NotEqual(first, Draw(8));
    }

    [Theory]
    [InlineData(0.5, 64)]
    [InlineData(0.3, 67)]
    public void SixteenBitsOfSplitMix64DecideEachValue(double probability, int count)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var generator = new SplitMix64((ulong)randint(0, long.MaxValue, [1], ScalarType.Int64).item<long>());
        var draws = Enumerable.Range(0, (count + 3) / 4).Select(_ => generator.Next()).ToList();
        random.manual_seed(5);
        var values = new SeededDropout(probability).call(ones(count)).data<float>().ToArray();
        for (var i = 0; i < count; i++)
        {
            var bits = draws[i / 4] >> (16 * (i % 4)) & 0xFFFF;
            Assert.Equal(bits >= Math.Round(probability * 65536) ? (float)(1 / (1 - probability)) : 0, values[i]);
        }
    }

    [Fact]
    public void OutsideTrainingNothingIsDropped()
    {
        using var scope = NewDisposeScope();
        var layer = new SeededDropout(0.9);
        layer.eval();
        Assert.Equal(ones(64).data<float>().ToArray(), layer.call(ones(64)).data<float>().ToArray());
    }

    /// <summary>Values of a tensor on <c>meta</c> cannot be read, so only its device is checked there.</summary>
    [Fact]
    public void TheMaskIsTheSameInEveryPrecisionAndOnTheDeviceOfTheInput()
    {
        using var scope = NewDisposeScope();
        var layer = new SeededDropout(0.5);
        random.manual_seed(3);
        var single = layer.call(ones(300)).data<float>().ToArray();
        random.manual_seed(3);
        Assert.Equal(single.Select(v => (double)v), layer.call(ones(300, ScalarType.Float64)).data<double>().ToArray());
        Assert.Equal(DeviceType.META, layer.call(ones(300, device: META)).device_type);
    }
}

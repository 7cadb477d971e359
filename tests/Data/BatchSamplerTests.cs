using CsCheck;
using DeviceId.Data;

namespace DeviceId.Tests.Data;

public sealed class BatchSamplerTests
{
    [Fact]
    public void AnEpochIsAPermutationInBatchesOfNearlyEqualSize() =>
        Gen.Select(Gen.Int[1, 700], Gen.Int[1, 200], Gen.Long).Sample((count, size, seed) =>
        {
            var batches = new BatchSampler(count, size, seed).Batches(3).ToList();
            Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), batches.SelectMany(b => b).Order());
            Assert.InRange(batches.Max(b => b.Length) - batches.Min(b => b.Length), 0, 1);
            Assert.True(count < 2 || size < 2 || batches.All(b => b.Length > 1), "a batch of one has no variance");
            Assert.InRange(batches.Average(b => b.Length), Math.Min(count, size * 2 / 3.0), size * 1.5);
        }, iter: 200);

    [Fact]
    public void TheSameSeedAndEpochGiveTheSameOrderAndOthersAnother()
    {
        static long[] Order(long seed, int epoch) => [.. new BatchSampler(100, 16, seed).Batches(epoch).SelectMany(b => b)];
        Assert.Equal(Order(1, 0), Order(1, 0));
        Assert.NotEqual(Order(1, 0), Order(1, 1));
        Assert.NotEqual(Order(1, 0), Order(2, 0));
    }

    [Fact]
    public void AnEpochMayDrawASubsetWithoutRepeatingASample()
    {
        var sampler = new BatchSampler(1000, 64, 1, samplesPerEpoch: 200);
        var drawn = sampler.Batches(0).SelectMany(b => b).ToList();
        Assert.Equal(200, drawn.Count);
        Assert.Equal(200, drawn.Distinct().Count());
        Assert.Equal(3, sampler.BatchCount);
        Assert.NotEqual(drawn, sampler.Batches(1).SelectMany(b => b));
    }

    [Fact]
    public void TheOrderIsTheSameOnEveryPlatform() =>
        // Computed independently with Python's integers and hashlib. SplitMix64 and SHA-256 do not round, so any change here changes
        // experiments.
        Assert.Equal([5, 7, 0, 6, 3, 4, 1, 2, 9, 8], new BatchSampler(10, 10, 1).Batches(0).Single());
}

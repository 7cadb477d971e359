using DeviceId.Foundation;

namespace DeviceId.Data;

/// <summary>The order of samples as a function of seed and epoch alone, so that a resumed run sees the same batches.</summary>
/// <param name="count">Number of samples.</param>
/// <param name="batchSize">Samples in a batch.</param>
/// <param name="seed">The experiment's seed.</param>
public sealed class BatchSampler(int count, int batchSize, long seed)
{
    /// <summary>Batches in an epoch; see <see cref="Batches"/> for the last one.</summary>
    public int BatchCount => Math.Max(1, (count + batchSize / 2) / batchSize);

    /// <summary>The batches of an epoch: a permutation of all samples, cut into parts that differ in size by one at most.</summary>
    /// <remarks>
    /// A last batch of a few samples would give batch normalisation a wild estimate and a single one none at all,
    /// and leaving samples out would waste recordings: so the parts are made equal, near the batch size.
    /// Fisher-Yates with SplitMix64, which is the same on every platform.
    /// </remarks>
    /// <param name="epoch">From 0.</param>
    public IEnumerable<long[]> Batches(int epoch)
    {
        var order = new long[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "batches", epoch));
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        for (var b = 0; b < BatchCount; b++)
            yield return order[(int)((long)count * b / BatchCount)..(int)((long)count * (b + 1) / BatchCount)];
    }
}

using DeviceId.Foundation;

namespace DeviceId.Data;

/// <summary>The order of samples as a function of seed and epoch alone, so that a resumed run sees the same batches.</summary>
/// <param name="count">Number of samples.</param>
/// <param name="batchSize">Samples in a batch.</param>
/// <param name="seed">The experiment's seed.</param>
/// <param name="samplesPerEpoch">Samples that an epoch draws; 0, or more than there are, means all.</param>
internal sealed class BatchSampler(int count, int batchSize, long seed, int samplesPerEpoch = 0)
{
    private readonly int _drawn = samplesPerEpoch > 0 ? Math.Min(samplesPerEpoch, count) : count;

    /// <summary>Batches in an epoch; see <see cref="Batches"/> for the last one.</summary>
    public int BatchCount => Math.Max(1, Math.Min((_drawn + batchSize / 2) / batchSize, batchSize > 1 ? _drawn / 2 : _drawn));

    /// <summary>
    /// The batches of an epoch: a permutation of the samples (its beginning, when an epoch draws fewer), cut into parts that differ in size
    /// by one at most.
    /// </summary>
    /// <remarks>
    /// A last batch of a few samples would give batch normalisation a wild estimate, and a single one a variance that is not a number;
    /// leaving samples out would waste recordings: so the parts are made equal, near the batch size, and two at least where the batch size
    /// is. Fisher-Yates with SplitMix64, which is the same on every platform.
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
            yield return order[(int)((long)_drawn * b / BatchCount)..(int)((long)_drawn * (b + 1) / BatchCount)];
    }
}

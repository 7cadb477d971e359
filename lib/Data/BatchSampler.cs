using DeviceId.Foundation;

namespace DeviceId.Data;

/// <summary>
/// Draws the batches of an epoch. The order depends on seed and epoch only, so that a resumed training sees the same batches.
/// </summary>
/// <param name="count">Number of samples.</param>
/// <param name="batchSize">Samples in a batch.</param>
/// <param name="seed">The experiment's seed.</param>
/// <param name="samplesPerEpoch">Samples drawn per epoch; 0, or more than there are, means all.</param>
internal sealed class BatchSampler(int count, int batchSize, long seed, int samplesPerEpoch = 0)
{
    private readonly int _samplesPerEpoch = samplesPerEpoch > 0 ? Math.Min(samplesPerEpoch, count) : count;

    /// <summary>Number of batches in an epoch; see <see cref="Batches"/> for their sizes.</summary>
    public int BatchCount
    {
        get
        {
            var nearest = (_samplesPerEpoch + batchSize / 2) / batchSize;
            var max = batchSize > 1 ? _samplesPerEpoch / 2 : _samplesPerEpoch;
            return Math.Max(1, Math.Min(nearest, max));
        }
    }

    /// <summary>
    /// The batches of an epoch: a permutation of the samples (or its beginning, if an epoch draws fewer), cut into batches that differ in
    /// size by at most one.
    /// </summary>
    /// <remarks>
    /// A short last batch would give batch normalisation unreliable statistics, and a single sample a variance of NaN; dropping it would
    /// waste recordings. So all batches are about equal, near the batch size, and have at least two samples if the batch size allows.
    /// Fisher-Yates shuffle with SplitMix64, the same on every platform.
    /// </remarks>
    /// <param name="epoch">Number of the epoch, from 0.</param>
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
            yield return order[(int)((long)_samplesPerEpoch * b / BatchCount)..(int)((long)_samplesPerEpoch * (b + 1) / BatchCount)];
    }
}

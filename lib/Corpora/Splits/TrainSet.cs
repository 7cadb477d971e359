using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Recordings for training. Only a <see cref="Split"/> provides them.</summary>
public sealed class TrainSet
{
    internal TrainSet(IReadOnlyList<string> devices, IEnumerable<Recording> recordings) =>
        (Devices, Recordings) = (devices, [.. recordings]);

    /// <summary>All device names of the corpus; the index of a device is its class label.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>The recordings.</summary>
    public IReadOnlyList<Recording> Recordings { get; }

    /// <summary>Returns the recordings of the first sentences in name order. All devices remain classes.</summary>
    /// <param name="count">Number of sentences, at least 1.</param>
    /// <exception cref="DeviceIdException">There are fewer sentences, or a device has no recording of them.</exception>
    public TrainSet FirstSentences(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var sentences = Recordings.Select(r => r.Sentence).Distinct().Order(StringComparer.Ordinal).ToList();
        if (sentences.Count < count)
            throw new CorpusException($"{count} training sentences were requested, but there are {sentences.Count}.");
        var subset = new TrainSet(Devices, Recordings.Where(r => sentences.Take(count).Contains(r.Sentence)));
        var missing = Devices.Except(subset.Recordings.Select(r => r.Device)).FirstOrDefault();
        return missing is null ? subset : throw new CorpusException($"Device '{missing}' has no recording of the first {count} sentences.");
    }

    /// <summary>
    /// Permutation control: permutes the device labels among the recordings of each sentence, so that there is nothing to learn.
    /// </summary>
    /// <remarks>
    /// Fisher-Yates shuffle within each sentence, so that every device keeps its number of recordings per sentence. If some sentence was
    /// recorded by a single device, its recordings would keep their true labels; then the labels are permuted over all recordings.
    /// </remarks>
    /// <param name="seed">Seed of the permutation.</param>
    public TrainSet WithPermutedDevices(long seed)
    {
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "permuted devices"));
        var permuted = Recordings.ToArray();
        var sentences = Enumerable.Range(0, permuted.Length).GroupBy(i => Recordings[i].Sentence).Select(g => g.ToArray()).ToList();
        var allShared = sentences.All(sentence => sentence.Select(i => Recordings[i].Device).Distinct().Count() > 1);
        foreach (var group in allShared ? sentences : [[.. Enumerable.Range(0, permuted.Length)]])
        {
            for (var i = group.Length - 1; i > 0; i--)
            {
                var (first, second) = (group[i], group[random.Below(i + 1)]);
                (permuted[first], permuted[second]) = (permuted[first] with { Device = permuted[second].Device },
                    permuted[second] with { Device = permuted[first].Device });
            }
        }

        return new TrainSet(Devices, permuted);
    }
}

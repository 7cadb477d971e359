using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Recordings that a model may learn from. Only a <see cref="Split"/> hands them out.</summary>
public sealed class TrainSet
{
    internal TrainSet(IReadOnlyList<string> devices, IEnumerable<Recording> recordings) =>
        (Devices, Recordings) = (devices, [.. recordings]);

    /// <summary>All device names of the corpus; a device's position is its class label.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>The recordings.</summary>
    public IReadOnlyList<Recording> Recordings { get; }

    /// <summary>The recordings of the first sentences, by name; all devices stay classes.</summary>
    /// <param name="count">How many sentences, at least 1.</param>
    /// <exception cref="CorpusException">There are fewer, or a device has no recording of these.</exception>
    public TrainSet FirstSentences(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var sentences = Recordings.Select(r => r.Sentence).Distinct().Order(StringComparer.Ordinal).ToList();
        if (sentences.Count < count)
            throw new CorpusException($"{count} sentences to train on were asked for, there are {sentences.Count}.");
        var first = new TrainSet(Devices, Recordings.Where(r => sentences.Take(count).Contains(r.Sentence)));
        var missing = Devices.Except(first.Recordings.Select(r => r.Device)).FirstOrDefault();
        return missing is null ? first : throw new CorpusException($"Device '{missing}' has no recording of the first {count} sentences.");
    }

    /// <summary>
    /// A control: the devices' names dealt out anew among the recordings of each sentence, so that there is nothing left to learn.
    /// </summary>
    /// <remarks>
    /// Fisher and Yates' shuffle; sentences stay as they are, so every name still has as many recordings of each. Where a sentence has a
    /// single device there is nothing to deal out within it, and its recordings would keep their true names: the names are dealt out over
    /// all recordings then.
    /// </remarks>
    /// <param name="seed">Decides how they are dealt out.</param>
    public TrainSet WithPermutedDevices(long seed)
    {
        var random = new SplitMix64((ulong)Seeds.Derive(seed, "permuted devices"));
        var dealt = Recordings.ToArray();
        var sentences = Enumerable.Range(0, dealt.Length).GroupBy(i => Recordings[i].Sentence).Select(g => g.ToArray()).ToList();
        var areShared = sentences.All(sentence => sentence.Select(i => Recordings[i].Device).Distinct().Count() > 1);
        foreach (var group in areShared ? sentences : [[.. Enumerable.Range(0, dealt.Length)]])
        {
            for (var i = group.Length - 1; i > 0; i--)
            {
                var (one, other) = (group[i], group[random.Below(i + 1)]);
                (dealt[one], dealt[other]) = (dealt[one] with { Device = dealt[other].Device },
                    dealt[other] with { Device = dealt[one].Device });
            }
        }

        return new TrainSet(Devices, dealt);
    }
}

namespace DeviceId.Corpora;

/// <summary>
/// A sentence that several devices have recorded: what a comparison of devices needs, and what recordings named at will may lack.
/// </summary>
public sealed class SharedSentence
{
    private readonly Dictionary<string, Recording> _recordings;

    private SharedSentence(string name, IEnumerable<Recording> recordings)
    {
        Name = name;
        _recordings = recordings.GroupBy(r => r.Device, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        Devices = [.. _recordings.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The sentence's name.</summary>
    public string Name { get; }

    /// <summary>The devices that recorded it, in ordinal order.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>A device's first recording of it.</summary>
    /// <param name="device">One of <see cref="Devices"/>.</param>
    /// <exception cref="CorpusException">The device has none.</exception>
    public Recording this[string device] =>
        _recordings.TryGetValue(device, out var recording)
            ? recording : throw new CorpusException($"Device '{device}' has no recording of '{Name}'.");

    /// <summary>The sentence that the most devices have recorded; of equals the first by name.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="devices">How many devices must share it, at least 1.</param>
    /// <exception cref="CorpusException">No sentence has that many; the message says how many there are and what to do.</exception>
    public static SharedSentence First(Corpus corpus, int devices) => Most(corpus, devices, last: false);

    /// <summary>The sentence that the most devices have recorded; of equals the last by name.</summary>
    /// <inheritdoc cref="First"/>
    public static SharedSentence Last(Corpus corpus, int devices) => Most(corpus, devices, last: true);

    /// <summary>Some of the devices, at equal distances from the first on.</summary>
    /// <param name="count">How many, from 1 to as many as there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public IReadOnlyList<string> Spread(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Devices.Count);
        var step = Devices.Count / count;
        return [.. Enumerable.Range(0, count).Select(i => Devices[i * step])];
    }

    private static SharedSentence Most(Corpus corpus, int devices, bool last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devices, 1);
        var sentences = corpus.Recordings.GroupBy(r => r.Sentence, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new SharedSentence(g.Key, g)).ToList();
        if (last)
            sentences.Reverse();
        // MaxBy takes the first of equals.
        var best = sentences.MaxBy(s => s.Devices.Count);
        if (best?.Devices.Count >= devices)
            return best;
        var there = best is null ? "no recordings"
            : $"{corpus.Devices.Count} devices, of which {best.Devices.Count} at most share a sentence ('{best.Name}')";
        throw new CorpusException(
            $"This compares {devices} devices with one sentence in common; {corpus.Name} has {there}. Give recordings of the same words the same file name in the folders of {devices} devices, or set 'data' to other recordings.");
    }
}

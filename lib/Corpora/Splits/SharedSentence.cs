using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>
/// A sentence recorded by several devices, for comparisons between devices. Corpora with arbitrary file names may have none.
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

    /// <summary>Name of the sentence.</summary>
    public string Name { get; }

    /// <summary>Devices that recorded the sentence, in ordinal order.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>First recording of the sentence by a device.</summary>
    /// <param name="device">One of <see cref="Devices"/>.</param>
    /// <exception cref="DeviceIdException">The device has no recording of the sentence.</exception>
    public Recording this[string device] =>
        _recordings.TryGetValue(device, out var recording)
            ? recording : throw new CorpusException($"Device '{device}' has no recording of '{Name}'.");

    /// <summary>Finds the sentence recorded by the most devices; in a tie, the first by name.</summary>
    /// <param name="corpus">The recordings.</param>
    /// <param name="devices">Number of devices that must have recorded it, at least 1.</param>
    /// <exception cref="DeviceIdException">No sentence was recorded by that many devices; the message says what to do.</exception>
    public static SharedSentence First(Corpus corpus, int devices) => FindMostRecorded(corpus, devices, last: false);

    /// <summary>Finds the sentence recorded by the most devices; in a tie, the last by name.</summary>
    /// <inheritdoc cref="First"/>
    public static SharedSentence Last(Corpus corpus, int devices) => FindMostRecorded(corpus, devices, last: true);

    /// <summary>Selects devices at equal intervals of the list, starting with the first.</summary>
    /// <param name="count">Number of devices, from 1 to the number available.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer devices are available.</exception>
    public IReadOnlyList<string> Spread(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Devices.Count);
        var step = Devices.Count / count;
        return [.. Enumerable.Range(0, count).Select(i => Devices[i * step])];
    }

    private static SharedSentence FindMostRecorded(Corpus corpus, int devices, bool last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(devices, 1);
        var sentences = corpus.Recordings.GroupBy(r => r.Sentence, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new SharedSentence(g.Key, g)).ToList();
        if (last)
            sentences.Reverse();
        // In a tie MaxBy returns the first element.
        var best = sentences.MaxBy(s => s.Devices.Count);
        if (best?.Devices.Count >= devices)
            return best;
        var available = best is null ? "no recordings"
            : $"{corpus.Devices.Count} devices, of which {best.Devices.Count} at most share a sentence ('{best.Name}')";
        throw new CorpusException(
            $"This compares {devices} devices with one sentence in common; {corpus.Name} has {available}. Give recordings of the same "
            + $"words the same file name in the folders of {devices} devices, or set 'data' to other recordings.");
    }
}

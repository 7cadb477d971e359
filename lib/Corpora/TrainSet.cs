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
}

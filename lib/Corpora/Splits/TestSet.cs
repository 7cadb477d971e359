namespace DeviceId.Corpora;

/// <summary>Recordings for evaluation. No training code accepts this type.</summary>
public sealed class TestSet
{
    internal TestSet(IReadOnlyList<string> devices, IEnumerable<Recording> recordings) =>
        (Devices, Recordings) = (devices, [.. recordings]);

    /// <summary>All device names of the corpus; the index of a device is its class label.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>The recordings.</summary>
    public IReadOnlyList<Recording> Recordings { get; }
}

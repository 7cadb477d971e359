namespace DeviceId.Corpora;

/// <summary>Recordings that only an evaluation may see: nothing that learns takes this type.</summary>
public sealed class TestSet
{
    internal TestSet(IReadOnlyList<string> devices, IEnumerable<Recording> recordings) =>
        (Devices, Recordings) = (devices, [.. recordings]);

    /// <summary>All device names of the corpus; a device's position is its class label.</summary>
    public IReadOnlyList<string> Devices { get; }

    /// <summary>The recordings.</summary>
    public IReadOnlyList<Recording> Recordings { get; }
}

namespace DeviceId.Foundation;

/// <summary>Thrown when a model file cannot be used: it is damaged, of another kind, or of another version.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong, and what to do.</param>
internal sealed class ModelFileException(string path, string reason) : DeviceIdException($"{path}: {reason}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong, and what to do.</summary>
    public string Reason { get; } = reason;
}

namespace DeviceId.Training;

/// <summary>A checkpoint that cannot be used: damaged, or of another training.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong, and what to do.</param>
public sealed class CheckpointException(string path, string reason) : Exception($"{path}: {reason}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong, and what to do.</summary>
    public string Reason { get; } = reason;
}

namespace DeviceId.Training;

/// <summary>Thrown when a checkpoint cannot be used: it is damaged, of another version, or of another training.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong, worded as the end of a sentence.</param>
internal sealed class CheckpointException(string path, string reason) : Exception($"{path}: {reason}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong, worded as the end of a sentence.</summary>
    public string Reason { get; } = reason;
}

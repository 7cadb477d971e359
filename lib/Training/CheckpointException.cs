namespace DeviceId.Training;

/// <summary>A checkpoint that cannot be used: damaged, of another version, or of another training.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong, as the end of a sentence.</param>
internal sealed class CheckpointException(string path, string reason) : Exception($"{path}: {reason}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong, as the end of a sentence.</summary>
    public string Reason { get; } = reason;
}

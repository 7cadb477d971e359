using DeviceId.Foundation;

namespace DeviceId.Mixtures;

/// <summary>Thrown when a mixture file cannot be read: the only exception of this folder for bad files.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong with the file and, if possible, what to do.</param>
/// <param name="inner">The cause, or null.</param>
internal sealed class MixtureException(string path, string reason, Exception? inner = null) : DeviceIdException($"{path}: {reason}", inner)
{
    /// <summary>The file that could not be read.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with the file.</summary>
    public string Reason { get; } = reason;
}

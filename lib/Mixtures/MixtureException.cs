using DeviceId.Foundation;

namespace DeviceId.Mixtures;

/// <summary>A mixture file that cannot be read: the one exception of this folder for bad files.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong with it and, where there is something, what to do.</param>
/// <param name="inner">The cause, or null.</param>
internal sealed class MixtureException(string path, string reason, Exception? inner = null) : DeviceIdException($"{path}: {reason}", inner)
{
    /// <summary>The file that could not be read.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; } = reason;
}

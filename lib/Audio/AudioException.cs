using DeviceId.Foundation;

namespace DeviceId.Audio;

/// <summary>A recording that cannot be read: the one exception of this folder for bad input.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong with it and, where there is one, what to do.</param>
/// <param name="inner">The cause, or null.</param>
internal sealed class AudioException(string path, string reason, Exception? inner = null) : DeviceIdException($"{path}: {reason}", inner)
{
    /// <summary>The file that could not be read.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; } = reason;
}

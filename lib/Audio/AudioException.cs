using DeviceId.Foundation;

namespace DeviceId.Audio;

/// <summary>Thrown when a recording cannot be read; the only exception of this namespace for bad input.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong with the file and, if anything helps, what to do.</param>
/// <param name="inner">The underlying exception, or null.</param>
internal sealed class AudioException(string path, string reason, Exception? inner = null) : DeviceIdException($"{path}: {reason}", inner)
{
    /// <summary>The file that could not be read.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with the file.</summary>
    public string Reason { get; } = reason;
}

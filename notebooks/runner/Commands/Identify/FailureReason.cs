using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Notebooks.Commands;

/// <summary>Why a recording got no answer, or a file could not be written: the true cause in a sentence.</summary>
internal static class FailureReason
{
    private const int LinuxDiskFull = 28;
    private const int LinuxQuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Describes the cause.</summary>
    public static string Describe(Exception problem) => problem switch
    {
        AudioException audio => audio.Reason + Unnameable(audio.Path),
        DeviceIdException or UnauthorizedAccessException or ArgumentException => problem.Message,
        IOException io when IsDiskFull(io) => $"the disk is full: {io.Message} Free space, and start again.",
        IOException => problem.Message,
        OutOfMemoryException => "there is not enough memory for it: close other programs, or split the recording.",
        _ => $"this should not happen, please report it: {problem.GetType().Name}: {problem.Message}",
    };

    /// <summary>Whether a file could not be written because the disk, or the user's part of it, is full.</summary>
    public static bool IsDiskFull(Exception problem) =>
        problem is IOException { HResult: LinuxDiskFull or LinuxQuotaExceeded or WindowsDiskFull };

    // .NET replaces the bytes of a name that are not UTF-8, and so names a file that does not exist.
    private static string Unnameable(string path) => path.Contains('\uFFFD', StringComparison.Ordinal) && !File.Exists(path)
        ? " The name is not valid UTF-8, so the file cannot be named to this program: rename it." : "";
}

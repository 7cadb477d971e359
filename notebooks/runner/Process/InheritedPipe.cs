using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace DeviceId.Notebooks.Process;

/// <summary>The child's end of a pipe that its parent made for it.</summary>
internal static partial class InheritedPipe
{
    /// <summary>
    /// Opens the end. Processes that the child starts do not get it; on Windows they may, which only delays the end of the pipe.
    /// </summary>
    public static AnonymousPipeClientStream Open(PipeDirection direction, string handle)
    {
        var pipe = new AnonymousPipeClientStream(direction, handle);
        if (OperatingSystem.IsLinux())
            _ = CloseOnExecute(pipe.SafePipeHandle, 0x5451);
        else if (OperatingSystem.IsMacOS())
            _ = CloseOnExecute(pipe.SafePipeHandle, 0x20006601);
        return pipe;
    }

    // FIOCLEX takes no third argument; fcntl's is variadic, which needs another calling convention on Apple silicon.
    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int CloseOnExecute(SafeHandle file, nuint request);
}

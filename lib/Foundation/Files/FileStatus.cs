using System.Runtime.InteropServices;

namespace DeviceId.Foundation;

/// <summary>What a path names, told without opening it: opening a pipe can wait for ever.</summary>
internal static partial class FileStatus
{
    private const int CurrentFolder = -100;
    private const uint TypeAndInode = 0x101;

    // struct statx is the same on every Linux: 256 bytes; mode (16 bits) at 28, inode (64 bits) at 32, device (2 x 32 bits) at 136.
    private const int StatBytes = 256;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;
    private const int TypeMask = 0xF000;

    /// <summary>Describes a path that is neither a file nor a folder: "a named pipe", "a socket", "a device".</summary>
    /// <param name="path">The path; links are followed.</param>
    /// <returns>The description; null for a file, a folder, a path that does not exist, and on systems other than Linux.</returns>
    public static string? DescribeSpecial(string path) => Read(path) is not { } stat ? null
        : (BitConverter.ToUInt16(stat, ModeOffset) & TypeMask) switch
        {
            0x1000 => "a named pipe",
            0x2000 or 0x6000 => "a device",
            0xC000 => "a socket",
            _ => null,
        };

    /// <summary>Device and inode of an existing file; null if it does not exist, and on systems other than Linux.</summary>
    public static (ulong Device, ulong Inode)? Identity(string path) => Read(path) is { } stat
        ? (BitConverter.ToUInt64(stat, DeviceOffset), BitConverter.ToUInt64(stat, InodeOffset)) : null;

    private static byte[]? Read(string path)
    {
        var stat = new byte[StatBytes];
        return OperatingSystem.IsLinux() && StatX(CurrentFolder, path, 0, TypeAndInode, stat) == 0 ? stat : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, [Out] byte[] stat);
}

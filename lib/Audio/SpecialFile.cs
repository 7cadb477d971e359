using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DeviceId.Audio;

/// <summary>Recognises named pipes, devices and sockets without opening them.</summary>
internal static partial class SpecialFile
{
    // From the header files of Linux; the structure statx is the same on every processor.
    private const int CurrentFolder = -100;
    private const uint TypeOnly = 1;
    private const int StructureBytes = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;

    /// <summary>
    /// What a path is in words, such as "a named pipe"; null for files, folders, missing files, and on other systems than Linux.
    /// </summary>
    public static string? Describe(string path)
    {
        if (!OperatingSystem.IsLinux() || path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            return null;
        var status = new byte[StructureBytes];
        if (Status(CurrentFolder, path, 0, TypeOnly, status) != 0)
            return null;
        return (BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(ModeOffset)) & TypeMask) switch
        {
            0x1000 => "a named pipe",
            0x2000 or 0x6000 => "a device",
            0xC000 => "a socket",
            _ => null,
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, byte[] status);
}

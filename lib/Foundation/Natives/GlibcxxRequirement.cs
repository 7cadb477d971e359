// All namespaces are named, and only .NET Standard 2.0 is used, because the build compiles this file alone, as a task of MSBuild
// (build/WeakenGlibcxxVersion.targets).
using System;
using System.IO;
using System.Text;

namespace DeviceId.Foundation;

/// <summary>
/// Makes TorchSharp's native library loadable on systems with a C++ runtime older than that of GCC 13 (Debian 12, Ubuntu 22.04).
/// </summary>
/// <remarks>
/// libLibTorchSharp.so requires the symbol version GLIBCXX_3.4.32. Its only symbol of that version is
/// std::ios_base_library_init(), a marker that nothing calls and no relocation names, so the requirement is not needed.
/// Setting the weak flag (VER_FLG_WEAK = 2) in that one vernaux record of .gnu.version_r lets the dynamic loader
/// continue without it.
/// </remarks>
internal static class GlibcxxRequirement
{
    private const string Version = "GLIBCXX_3.4.32";
    private const uint SectionTypeVersionNeed = 0x6ffffffe;
    private const ushort WeakFlag = 2;

    /// <summary>Makes the requirement in a library's bytes weak, unless it is or this system's runtime has the version.</summary>
    /// <returns>Whether a byte was changed.</returns>
    public static bool Weaken(byte[] library)
    {
        var flags = FlagsOffset(library, Version);
        if (flags < 0 || (BitConverter.ToUInt16(library, flags) & WeakFlag) != 0 || RuntimeKnows(Version))
            return false;
        library[flags] |= (byte)WeakFlag;
        return true;
    }

    private static bool RuntimeKnows(string version)
    {
        foreach (var folder in new[] { "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib" })
        {
            var runtime = Path.Combine(folder, "libstdc++.so.6");
            if (File.Exists(runtime))
                return Encoding.ASCII.GetString(File.ReadAllBytes(runtime)).Contains(version + "\0");
        }

        return false;
    }

    /// <summary>File offset of vna_flags for the version, or -1: 64-bit little-endian ELF, section of type SHT_GNU_verneed.</summary>
    private static int FlagsOffset(byte[] elf, string version)
    {
        if (elf.Length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[2] != 'L' || elf[3] != 'F' || elf[4] != 2 || elf[5] != 1)
            return -1;
        var headers = (int)BitConverter.ToInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3a), count = BitConverter.ToUInt16(elf, 0x3c);
        for (var i = 0; i < count; i++)
        {
            var header = headers + i * size;
            if (BitConverter.ToUInt32(elf, header + 4) != SectionTypeVersionNeed)
                continue;
            var section = (int)BitConverter.ToInt64(elf, header + 24);
            var names = (int)BitConverter.ToInt64(elf, headers + (int)BitConverter.ToUInt32(elf, header + 40) * size + 24);
            return FlagsInSection(elf, section, names, version);
        }

        return -1;
    }

    private static int FlagsInSection(byte[] elf, int need, int names, string version)
    {
        while (true)
        {
            var aux = need + (int)BitConverter.ToUInt32(elf, need + 8);
            while (true)
            {
                if (NameAt(elf, names + (int)BitConverter.ToUInt32(elf, aux + 8)) == version)
                    return aux + 4;
                var nextAux = (int)BitConverter.ToUInt32(elf, aux + 12);
                if (nextAux == 0)
                    break;
                aux += nextAux;
            }

            var nextNeed = (int)BitConverter.ToUInt32(elf, need + 12);
            if (nextNeed == 0)
                return -1;
            need += nextNeed;
        }
    }

    private static string NameAt(byte[] elf, int offset)
    {
        var end = Array.IndexOf(elf, (byte)0, offset);
        return Encoding.ASCII.GetString(elf, offset, end - offset);
    }
}

#if !DEVICEID_LIB
/// <summary>
/// The build step. Only the copy in an output folder is changed, never the package cache: a new file is written beside the old one and
/// moved over it, so that a hard link to the cache is not affected. Running twice changes nothing.
/// </summary>
public sealed class WeakenGlibcxxVersion : Microsoft.Build.Utilities.Task
{
    [Microsoft.Build.Framework.Required]
    public string Library { get; set; }

    public override bool Execute()
    {
        var bytes = File.ReadAllBytes(Library);
        if (!GlibcxxRequirement.Weaken(bytes))
            return true;
        var patched = Library + ".patched";
        File.WriteAllBytes(patched, bytes);
        File.Delete(Library);
        File.Move(patched, Library);
        Log.LogMessage(Microsoft.Build.Framework.MessageImportance.Normal,
            "{0}: requirement of a newer libstdc++ made weak: this system's is older", Library);
        return true;
    }
}
#endif

using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace DeviceId.Foundation;

/// <summary>
/// Loads TorchSharp's native library where the assemblies lie in NuGet's package folder, as after <c>#r "nuget: DeviceId.Lib"</c> in a
/// notebook. A build has the native libraries beside the assemblies, and nothing is to do.
/// </summary>
/// <remarks>
/// TorchSharp itself would copy libtorch (0.5 GB) into the package folder first, and fail on Debian 12. Loaded libraries are found again by
/// their names, so this loads libtorch from its own package, and then TorchSharp's library: where the system's C++ runtime is too old for
/// it (<see cref="GlibcxxRequirement"/>), a mended copy in <see cref="Cache"/>.
/// </remarks>
internal static class PackagedTorch
{
    private const string Library = "libLibTorchSharp.so";

    // In this order: each one needs those before it.
    private static readonly string[] Libtorch = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>The folder for mended copies: deviceid in the user's cache folder (XDG_CACHE_HOME, else ~/.cache).</summary>
    public static string Cache => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "deviceid");

    /// <summary>Loads the libraries if TorchSharp.dll lies in a package folder that also has the CPU build of libtorch for Linux.</summary>
    /// <exception cref="IOException">The mended copy cannot be written.</exception>
    /// <exception cref="DllNotFoundException">A library cannot be loaded.</exception>
    public static void Load()
    {
        if (!OperatingSystem.IsLinux() || typeof(torch).Assembly.Location is not { Length: > 0 } assembly)
            return;
        // <packages>/torchsharp/<version>/lib/<framework>/TorchSharp.dll
        var package = Path.GetFullPath(Path.Combine(assembly, "..", "..", ".."));
        var native = Path.Combine(package, "runtimes", "linux-x64", "native", Library);
        var libtorch = Path.GetFullPath(
            Path.Combine(package, "..", "..", "libtorch-cpu-linux-x64", LibtorchVersion(), "runtimes", "linux-x64", "native"));
        if (!File.Exists(native) || !Directory.Exists(libtorch))
            return;
        foreach (var name in Libtorch)
            NativeLibrary.Load(Path.Combine(libtorch, name));
        NativeLibrary.Load(Mend(native, Path.Combine(Cache, "torchsharp-" + Path.GetFileName(package))));
    }

    /// <summary>The path of a copy that this system can load, in a folder; the original if it can load that.</summary>
    internal static string Mend(string native, string folder)
    {
        var bytes = File.ReadAllBytes(native);
        if (!GlibcxxRequirement.Weaken(bytes))
            return native;
        var mended = Path.Combine(folder, Library);
        // Compared whole: a copy that was cut off or is of another build would crash the process.
        if (File.Exists(mended) && File.ReadAllBytes(mended).AsSpan().SequenceEqual(bytes))
            return mended;
        AtomicFile.WriteBytes(mended, bytes);
        return mended;
    }

    private static string LibtorchVersion() =>
        typeof(PackagedTorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == nameof(LibtorchVersion)).Value!;
}

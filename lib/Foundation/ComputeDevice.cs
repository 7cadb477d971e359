using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Chooses where tensors live: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
public static partial class ComputeDevice
{
    /// <summary>
    /// The environment variable that switches the library's own kernels off: <c>torch</c>. Unset, or <c>accelerated</c>, it leaves them on.
    /// </summary>
    public const string BackendVariable = "DEVICEID_BACKEND";

    private static bool s_memoryIsKept;
    private static bool s_isLoaded;
    private static bool? s_isAccelerated;

    /// <summary>
    /// Whether the library's own kernels do what they can on the CPU in float32 (the default), or libtorch does everything: slower, with
    /// the same answers to rounding. Set it before anything is computed; from outside by <c>DEVICEID_BACKEND=torch</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The environment variable says neither <c>torch</c> nor <c>accelerated</c>.</exception>
    public static bool IsAccelerated
    {
        get => s_isAccelerated ??= IsAcceleratedBy(Environment.GetEnvironmentVariable(BackendVariable));
        set => s_isAccelerated = value;
    }

    /// <summary>Loads the native library and returns the device.</summary>
    /// <param name="name"><c>auto</c> takes CUDA when a device is there, else the CPU.</param>
    /// <exception cref="ArgumentException">
    /// The name is none of the four forms, or asks for CUDA or a CUDA device that is not there.
    /// </exception>
    /// <exception cref="InvalidOperationException">The native library cannot be loaded; the message says what to do.</exception>
    public static Device Choose(string name = "auto")
    {
        Load();
        var wanted = name.Trim().ToLowerInvariant();
        var number = wanted.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(wanted.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;
        if (wanted is "cpu" || (wanted is "auto" && !cuda.is_available()))
            return CPU;
        if (wanted is not ("auto" or "cuda") && number < 0)
            throw new ArgumentException($"Device '{name}' is unknown: say auto, cpu, cuda or cuda:N.", nameof(name));
        if (!cuda.is_available())
            throw new ArgumentException($"Device '{name}': no CUDA device is usable here. Build with -p:Torch=cuda on a machine with an NVIDIA driver, or say cpu.", nameof(name));
        if (number >= cuda.device_count())
            throw new ArgumentException($"Device '{name}': there are {cuda.device_count()} CUDA devices here, numbered from 0.",
                nameof(name));
        return device(number < 0 ? "cuda" : $"cuda:{number}");
    }

    /// <summary>
    /// Loads TorchSharp's native library. The first use must go through <see cref="torch"/>: when it is a module, the load fails.
    /// </summary>
    /// <exception cref="InvalidOperationException">The native library cannot be loaded; the message says what to do.</exception>
    public static void Load()
    {
        KeepFreedMemory();
        _ = IsAccelerated;
        try
        {
            InitializeDeviceType(DeviceType.CPU);
            if (!s_isLoaded)
                AllowTensorFloat32(false);
            s_isLoaded = true;
        }
        catch (Exception error) when (error is TypeInitializationException or NotSupportedException or DllNotFoundException)
        {
            throw new InvalidOperationException(
                $"The native library of TorchSharp cannot be loaded from {AppContext.BaseDirectory}: {error.GetBaseException().Message} "
                + "Build the project on this machine (dotnet build DeviceId.slnx) so that its natives lie beside DeviceId.Lib.dll; `ldd libLibTorchSharp.so` names what is missing.", error);
        }
    }

    /// <summary>What a value of <see cref="BackendVariable"/> asks for.</summary>
    internal static bool IsAcceleratedBy(string? backend) => backend?.Trim().ToLowerInvariant() switch
    {
        null or "" or "accelerated" => true,
        "torch" => false,
        _ => throw new InvalidOperationException(
            $"{BackendVariable} is '{backend}': say torch (libtorch alone) or accelerated (the default), or leave it unset."),
    };

    /// <summary>
    /// Whether GPUs may multiply with 11 bits instead of 24; libtorch's own default allows it to convolutions and recurrent layers, ours to
    /// nothing.
    /// </summary>
    internal static void AllowTensorFloat32(bool allowed) =>
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (allowed, allowed);

    /// <summary>
    /// Lets libgomp's threads wait awake for some microseconds between parallel regions, and no longer. Longer: where two processes share
    /// the cores, both of them become many times slower. Shorter: a training step takes half as long again, because its thousand regions
    /// each wake a sleeping thread. That is what libgomp does of itself as soon as two threads of a process have used it, as the cells of a
    /// notebook do, unless the policy is "active" (all measured, docs/acceleration.md). Only a default: what the user has set stays.
    /// </summary>
    /// <remarks>
    /// libgomp reads the C environment when it is loaded, which .NET's own SetEnvironmentVariable does not reach on Linux. Its loading may
    /// be anybody's doing (<c>torch.CPU</c> suffices), so this runs before anything else of this library, not in <see cref="Load"/>.
    /// </remarks>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Nothing later is early enough.")]
    internal static void SetPatienceOfThreads()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null
            || Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is not null)
            return;
        _ = SetEnvironment("OMP_WAIT_POLICY", "active", overwrite: 0);
        _ = SetEnvironment("GOMP_SPINCOUNT", "300", overwrite: 0);
    }

    /// <summary>
    /// Lets glibc keep what large tensors leave: a training step frees and asks for the same 40 MB over and over, and each time the system
    /// would hand out empty pages one by one (measured: a quarter of a step). Larger ones still go back at once: kept, they leave gaps that
    /// nothing else fills (measured at the paper's size, whose largest matrix is 437 MB: training took 4.4 GB instead of 3.7). Only a
    /// default: what the user has set stays.
    /// </summary>
    private static void KeepFreedMemory()
    {
        const int TrimThreshold = -1, MmapThreshold = -3;
        if (!OperatingSystem.IsLinux() || s_memoryIsKept
            || Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Any(name => name is "GLIBC_TUNABLES" || name.StartsWith("MALLOC_", StringComparison.Ordinal)))
            return;
        try
        {
            _ = SetAllocator(MmapThreshold, 1 << 27);
            _ = SetAllocator(TrimThreshold, 1 << 30);
            s_memoryIsKept = true;
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc: its own ways stay.
        }
    }

    /// <summary>
    /// Gives what <see cref="KeepFreedMemory"/> has kept back to the system: between two parts of the work that need different memory.
    /// </summary>
    internal static void ReturnFreedMemory()
    {
        if (s_memoryIsKept)
            _ = TrimAllocator(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimAllocator(nuint keep);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

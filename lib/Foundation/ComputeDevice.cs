using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Chooses the device of the tensors: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
public static partial class ComputeDevice
{
    /// <summary>
    /// The environment variable that switches the library's own kernels off (<c>torch</c>). Unset or <c>accelerated</c>: they are on.
    /// </summary>
    public const string BackendVariable = "DEVICEID_BACKEND";

    private static bool s_keepsFreedMemory;
    private static bool s_isLoaded;
    private static bool? s_isAccelerated;

    /// <summary>
    /// Whether the library's own kernels are used for float32 on the CPU (the default). Otherwise libtorch does everything: slower, with
    /// the same results up to rounding. Set it before the first computation, or set <c>DEVICEID_BACKEND=torch</c> in the environment.
    /// </summary>
    /// <exception cref="InvalidOperationException">The environment variable is neither <c>torch</c> nor <c>accelerated</c>.</exception>
    public static bool IsAccelerated
    {
        get => s_isAccelerated ??= IsAcceleratedBy(Environment.GetEnvironmentVariable(BackendVariable));
        set => s_isAccelerated = value;
    }

    /// <summary>Loads the native library and returns the device.</summary>
    /// <param name="name"><c>auto</c> takes CUDA if a device is available, else the CPU.</param>
    /// <exception cref="ArgumentException">
    /// The name has none of the four forms, or names CUDA or a CUDA device that is not available.
    /// </exception>
    /// <exception cref="InvalidOperationException">The native library cannot be loaded; the message says what to do.</exception>
    public static Device Choose(string name = "auto")
    {
        Load();
        var normalised = name.Trim().ToLowerInvariant();
        var number = normalised.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(normalised.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1;
        if (normalised is "cpu" || (normalised is "auto" && !cuda.is_available()))
            return CPU;
        if (normalised is not ("auto" or "cuda") && number < 0)
            throw new ArgumentException($"Device '{name}' is unknown: say auto, cpu, cuda or cuda:N.", nameof(name));
        if (!cuda.is_available())
            throw new ArgumentException(
                $"Device '{name}': no CUDA device is usable here. Build with -p:Torch=cuda on a machine with an NVIDIA driver, or say cpu.",
                nameof(name));
        if (number >= cuda.device_count())
            throw new ArgumentException(
                $"Device '{name}': there are {cuda.device_count()} CUDA devices here, numbered from 0.", nameof(name));
        return device(number < 0 ? "cuda" : $"cuda:{number}");
    }

    /// <summary>
    /// Loads TorchSharp's native library. The first use must go through <see cref="torch"/>: if a module comes first, loading fails.
    /// </summary>
    /// <exception cref="InvalidOperationException">The native library cannot be loaded; the message says what to do.</exception>
    public static void Load()
    {
        KeepFreedMemory();
        _ = IsAccelerated;
        try
        {
            if (!s_isLoaded)
                PackagedTorch.Load();
            InitializeDeviceType(DeviceType.CPU);
            if (!s_isLoaded)
                AllowTensorFloat32(false);
            s_isLoaded = true;
        }
        catch (Exception error) when (error is TypeInitializationException or NotSupportedException or DllNotFoundException
            or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"The native library of TorchSharp cannot be loaded from {AppContext.BaseDirectory}: {error.GetBaseException().Message} "
                + "Build the project on this machine (dotnet build DeviceId.slnx) so that its natives lie beside DeviceId.Lib.dll; "
                + "`ldd libLibTorchSharp.so` names what is missing.", error);
        }
    }

    /// <summary>Whether a value of <see cref="BackendVariable"/> switches the library's own kernels on.</summary>
    internal static bool IsAcceleratedBy(string? backend) => backend?.Trim().ToLowerInvariant() switch
    {
        null or "" or "accelerated" => true,
        "torch" => false,
        _ => throw new InvalidOperationException(
            $"{BackendVariable} is '{backend}': say torch (libtorch alone) or accelerated (the default), or leave it unset."),
    };

    /// <summary>
    /// Whether GPUs may multiply in TensorFloat-32, with 11 bits instead of 24. libtorch allows it by default for convolutions and
    /// recurrent layers; this library does not.
    /// </summary>
    internal static void AllowTensorFloat32(bool allowed) =>
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (allowed, allowed);

    /// <summary>
    /// Sets how long libgomp's threads spin between parallel regions before they sleep: some microseconds. Longer spinning makes two
    /// processes that share the cores many times slower. Shorter spinning makes a training step take half as long again, because each of
    /// its thousand regions has to wake a sleeping thread; libgomp does that by itself as soon as two threads of a process have used it, as
    /// the cells of a notebook do, unless the policy is "active" (all measured, docs/acceleration.md). Only a default: variables that the
    /// user has set stay.
    /// </summary>
    /// <remarks>
    /// libgomp reads the C environment when it is loaded; .NET's own SetEnvironmentVariable does not reach it on Linux. Any code may load
    /// libgomp (<c>torch.CPU</c> suffices), so this runs before anything else of this library, not in <see cref="Load"/>.
    /// </remarks>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Nothing later is early enough.")]
    internal static void SetSpinCount()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null
            || Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is not null)
            return;
        _ = SetEnvironment("OMP_WAIT_POLICY", "active", overwrite: 0);
        _ = SetEnvironment("GOMP_SPINCOUNT", "300", overwrite: 0);
    }

    /// <summary>
    /// Lets glibc keep the memory of freed tensors: a training step frees and requests the same 40 MB again and again, and each time the
    /// system would supply empty pages one by one (measured: a quarter of a step). Blocks above 128 MB still go back at once: kept, they
    /// leave gaps that nothing else fills (measured at the paper's size, whose largest matrix is 437 MB: training took 4.4 GB instead of
    /// 3.7). Only a default: what the user has set stays.
    /// </summary>
    private static void KeepFreedMemory()
    {
        const int TrimThreshold = -1, MmapThreshold = -3;
        if (!OperatingSystem.IsLinux() || s_keepsFreedMemory)
            return;
        if (Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Any(name => name is "GLIBC_TUNABLES" || name.StartsWith("MALLOC_", StringComparison.Ordinal)))
            return;
        try
        {
            _ = SetAllocator(MmapThreshold, 1 << 27);
            _ = SetAllocator(TrimThreshold, 1 << 30);
            s_keepsFreedMemory = true;
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc: its defaults stay.
        }
    }

    /// <summary>
    /// Gives the memory that <see cref="KeepFreedMemory"/> retains back to the system: between two phases that need different amounts.
    /// </summary>
    internal static void ReturnFreedMemory()
    {
        if (s_keepsFreedMemory)
            _ = TrimAllocator(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimAllocator(nuint keep);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

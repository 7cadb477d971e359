using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Acceleration;

/// <summary>Chooses between the kernels and libtorch: the only place that checks device, element type and the backend switch.</summary>
internal static class Backend
{
    /// <summary>
    /// Whether the kernels may be used for a tensor: float32 on the CPU, and not switched off (<see cref="ComputeDevice.IsAccelerated"/>).
    /// </summary>
    internal static bool Accelerates(Tensor tensor) =>
        ComputeDevice.IsAccelerated && tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    /// <summary>Whether the kernels may be used for tensors of this device and element type.</summary>
    internal static bool Accelerates(Device device, ScalarType type) =>
        ComputeDevice.IsAccelerated && device.type == DeviceType.CPU && type == ScalarType.Float32;

    /// <summary>The kernels, the input each accepts, and whether each runs on this machine. Printed by <c>doctor</c>.</summary>
    public static IReadOnlyList<(string Kernel, string Takes, string Here)> Kernels() => Acceleration.Kernels.Table();
}

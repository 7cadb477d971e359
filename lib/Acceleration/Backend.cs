using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Acceleration;

/// <summary>Decides whether kernels or libtorch do the work: the only place that checks device, type and switch.</summary>
internal static class Backend
{
    /// <summary>
    /// Whether kernels may work on a tensor: float32 on the CPU, not switched off (<see cref="ComputeDevice.IsAccelerated"/>).
    /// </summary>
    internal static bool Accelerates(Tensor tensor) =>
        ComputeDevice.IsAccelerated && tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    /// <summary>Whether kernels may do work with tensors of this device and type.</summary>
    internal static bool Accelerates(Device device, ScalarType type) =>
        ComputeDevice.IsAccelerated && device.type == DeviceType.CPU && type == ScalarType.Float32;

    /// <summary>The kernels, the work that each takes, and whether it runs on this machine: printed by <c>doctor</c>.</summary>
    public static IReadOnlyList<(string Kernel, string Takes, string Here)> Kernels() => Acceleration.Kernels.Table();
}

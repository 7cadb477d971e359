using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Acceleration;

/// <summary>The door of this folder: whether work is done by the kernels here or by libtorch. Nothing else looks at device, type and switch.</summary>
public static class Backend
{
    /// <summary>Whether the kernels may take a tensor: float32 on the CPU, and not switched off (<see cref="ComputeDevice.IsAccelerated"/>).</summary>
    internal static bool Accelerates(Tensor tensor) => ComputeDevice.IsAccelerated && tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    /// <summary>The same for work that is about to be done somewhere.</summary>
    internal static bool Accelerates(Device device, ScalarType type) => ComputeDevice.IsAccelerated && device.type == DeviceType.CPU && type == ScalarType.Float32;

    /// <summary>The kernels, which work each takes, and whether it does so on this machine: what <c>doctor</c> prints.</summary>
    public static IReadOnlyList<(string Kernel, string Takes, string Here)> Kernels() => Acceleration.Kernels.Table();
}

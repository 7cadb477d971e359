using static TorchSharp.torch;

namespace DeviceId.Acceleration;

/// <summary>Allocates what the kernels write: float32 tensors on the CPU, whatever libtorch's default device is.</summary>
internal static class Buffers
{
    public static Tensor Empty(params long[] shape) => empty(shape, ScalarType.Float32, CPU);

    public static Tensor Zeros(params long[] shape) => zeros(shape, ScalarType.Float32, CPU);
}

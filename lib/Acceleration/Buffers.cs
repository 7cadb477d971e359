using static TorchSharp.torch;

namespace DeviceId.Acceleration;

/// <summary>Allocates the kernels' output: float32 tensors on the CPU, regardless of libtorch's default device.</summary>
internal static class Buffers
{
    public static Tensor Empty(params long[] shape) => empty(shape, ScalarType.Float32, CPU);

    public static Tensor Zeros(params long[] shape) => zeros(shape, ScalarType.Float32, CPU);
}

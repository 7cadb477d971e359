using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>A tensor's numbers where they lie.</summary>
internal static class TensorFloats
{
    /// <summary>All numbers of a contiguous float32 tensor on the CPU, to be read and written; the caller keeps the tensor alive.</summary>
    public static Span<float> Floats(this Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}

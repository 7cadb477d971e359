using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Spans over the memory of float32 tensors on the CPU.</summary>
internal static class TensorSpan
{
    /// <summary>
    /// All elements of a contiguous float32 tensor on the CPU, for reading and writing; the caller keeps the tensor alive.
    /// </summary>
    public static Span<float> FloatSpan(this Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>
    /// One of the equally long blocks that a tensor consists of, such as a sample. The caller gives the length because reading a tensor's
    /// shape takes longer than many an operation on a block.
    /// </summary>
    /// <param name="tensor">A contiguous float32 tensor on the CPU; the caller keeps it alive.</param>
    /// <param name="index">Which block, from 0.</param>
    /// <param name="length">Elements in a block.</param>
    public static Span<float> FloatSpan(this Tensor tensor, int index, int length) => tensor.FloatSpan().Slice(index * length, length);
}

using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>A tensor's numbers where they lie.</summary>
internal static class TensorSpan
{
    /// <summary>All numbers of a contiguous float32 tensor on the CPU, to be read and written; the caller keeps the tensor alive.</summary>
    public static Span<float> FloatSpan(this Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>
    /// One of the pieces of equal length of which a tensor consists: a sample, a part. (To ask the tensor for its shape would take longer
    /// than many a piece of work.)
    /// </summary>
    /// <param name="tensor">As above.</param>
    /// <param name="index">Which piece.</param>
    /// <param name="length">Numbers in each.</param>
    public static Span<float> FloatSpan(this Tensor tensor, int index, int length) => tensor.FloatSpan().Slice(index * length, length);
}

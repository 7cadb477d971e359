using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Random dropout masks: the same bits on every device, precision and processor.</summary>
/// <remarks>
/// Sixteen bits of <see cref="SplitMix64"/> decide on each element; its seed is one draw of libtorch's CPU generator. The seed of that
/// generator (<see cref="Seeds.Set"/>) therefore determines all masks, on every device.
/// </remarks>
internal static class DropoutMask
{
    private const int DrawBits = 16;
    private const int DrawsPerNumber = 64 / DrawBits;

    /// <summary>Draws a mask.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="probability">Probability p that an element is dropped, in [0, 1), rounded to a multiple of 1 / 65536.</param>
    /// <returns>Float32 on the CPU: 0 for dropped elements, 1 / (1 - p) for the others.</returns>
    public static Tensor Draw(long[] shape, double probability)
    {
        using var scope = NewDisposeScope();
        var random = new SplitMix64((ulong)randint(0, long.MaxValue, [1], ScalarType.Int64, CPU).item<long>());
        var mask = empty(shape, ScalarType.Float32, CPU);
        var bound = (int)Math.Round(probability * (1 << DrawBits));
        Fill(MemoryMarshal.Cast<float, int>(mask.FloatSpan()), random, bound,
            BitConverter.SingleToInt32Bits((float)(1 / (1 - probability))));
        return mask.MoveToOuterDisposeScope();
    }

    private static void Fill(Span<int> values, SplitMix64 random, int bound, int scale)
    {
        var first = 0;
        // Branch-free: branches would be mispredicted about half of the time.
        for (; first <= values.Length - Vector512<ushort>.Count; first += Vector512<ushort>.Count)
        {
            var (low, high) = Vector512.Widen(random.NextEight().AsUInt16());
            Select(low.AsInt32(), bound, scale).StoreUnsafe(ref values[first]);
            Select(high.AsInt32(), bound, scale).StoreUnsafe(ref values[first + Vector512<int>.Count]);
        }

        for (; first < values.Length; first += DrawsPerNumber)
        {
            var draws = random.Next();
            for (var at = first; at < Math.Min(first + DrawsPerNumber, values.Length); at++, draws >>= DrawBits)
                values[at] = (int)(draws & ((1 << DrawBits) - 1)) >= bound ? scale : 0;
        }
    }

    /// <summary><paramref name="scale"/> where a draw of sixteen bits is at least <paramref name="bound"/>, 0 elsewhere.</summary>
    private static Vector512<int> Select(Vector512<int> draws, int bound, int scale) =>
        Vector512.GreaterThanOrEqual(draws, Vector512.Create(bound)) & Vector512.Create(scale);
}

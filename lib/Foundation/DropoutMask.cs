using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Random masks for dropout: the same bits for every device, precision and processor.</summary>
/// <remarks>
/// Sixteen bits of <see cref="SplitMix64"/> decide on each value; its seed is one draw of libtorch's CPU generator. So the seed of that
/// generator (<see cref="Seeds.Set"/>) determines all masks until the next seed, on every device.
/// </remarks>
internal static class DropoutMask
{
    private const int DrawBits = 16;
    private const int DrawsOfOneNumber = 64 / DrawBits;

    /// <summary>Draws a mask.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="probability">Probability p that a value is dropped, in [0, 1), rounded to a multiple of 1 / 65536.</param>
    /// <returns>Float32 on the CPU: 0 where a value is dropped, 1 / (1 - p) where it is kept.</returns>
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

    private static void Fill(Span<int> values, SplitMix64 random, int bound, int kept)
    {
        var first = 0;
        // Branchless: branches would be mispredicted every other time.
        for (; first <= values.Length - Vector512<ushort>.Count; first += Vector512<ushort>.Count)
        {
            var (low, high) = Vector512.Widen(random.NextEight().AsUInt16());
            Select(low.AsInt32(), bound, kept).StoreUnsafe(ref values[first]);
            Select(high.AsInt32(), bound, kept).StoreUnsafe(ref values[first + Vector512<int>.Count]);
        }

        for (; first < values.Length; first += DrawsOfOneNumber)
        {
            var draws = random.Next();
            for (var at = first; at < Math.Min(first + DrawsOfOneNumber, values.Length); at++, draws >>= DrawBits)
                values[at] = (int)(draws & ((1 << DrawBits) - 1)) >= bound ? kept : 0;
        }
    }

    /// <summary><paramref name="kept"/> where a draw of sixteen bits reaches <paramref name="bound"/>, 0 elsewhere.</summary>
    private static Vector512<int> Select(Vector512<int> draws, int bound, int kept) =>
        Vector512.GreaterThanOrEqual(draws, Vector512.Create(bound)) & Vector512.Create(kept);
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DeviceId.Foundation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Acceleration.Layers;

/// <summary>Dropout (N. Srivastava et al., JMLR 15, 2014): in training each value is kept with probability 1 - p and then divided by it.</summary>
/// <remarks>
/// On the CPU what is kept is drawn from <see cref="SplitMix64"/>, seeded by one draw of libtorch's generator: libtorch itself draws value by value on one thread, which
/// took a thirtieth of a training step for the four layers of the paper's network (measured). Seeds and checkpoints of libtorch's generator determine both ways.
/// </remarks>
internal sealed class RandomDropout : Module<Tensor, Tensor>
{
    private const int DrawBits = 16;
    private const int DrawsTogether = 64 / DrawBits;
    private readonly double _dropped;

    /// <param name="dropped">p, from 0 to below 1; on the CPU in steps of 1 / 65536.</param>
    public RandomDropout(double dropped) : base(nameof(RandomDropout))
    {
        _dropped = dropped;
        RegisterComponents();
    }

    /// <summary>Any shape.</summary>
    public override Tensor forward(Tensor input)
    {
        if (!input.HoldsFloats())
            return functional.dropout(input, _dropped, training);
        using var scope = NewDisposeScope();
        return (Mask(input.shape) is { } mask ? input * mask : input.alias()).MoveToOuterDisposeScope();
    }

    /// <summary>Factors for values of a shape, float32 on the CPU: 0 for what is dropped, 1 / (1 - p) for what is kept; null where nothing is.</summary>
    public Tensor? Mask(long[] shape)
    {
        if (!training || _dropped == 0)
            return null;
        var bits = new SplitMix64((ulong)randint(0, long.MaxValue, [1], ScalarType.Int64).item<long>());
        var mask = empty(shape, ScalarType.Float32);
        var values = MemoryMarshal.Cast<float, int>(mask.Floats());
        Fill(values, bits, (int)Math.Round(_dropped * (1 << DrawBits)), BitConverter.SingleToInt32Bits((float)(1 / (1 - _dropped))));
        return mask;
    }

    private static void Fill(Span<int> values, SplitMix64 bits, int bound, int kept)
    {
        var first = 0;
        // Without branches, which would be guessed wrong every other time.
        for (; first <= values.Length - Vector512<ushort>.Count; first += Vector512<ushort>.Count)
        {
            var (low, high) = Vector512.Widen(bits.NextEight().AsUInt16());
            Kept(low.AsInt32(), bound, kept).StoreUnsafe(ref values[first]);
            Kept(high.AsInt32(), bound, kept).StoreUnsafe(ref values[first + Vector512<int>.Count]);
        }

        for (; first < values.Length; first += DrawsTogether)
        {
            var draws = bits.Next();
            for (var at = first; at < Math.Min(first + DrawsTogether, values.Length); at++, draws >>= DrawBits)
                values[at] = (int)(draws & ((1 << DrawBits) - 1)) >= bound ? kept : 0;
        }
    }

    /// <summary>The number where a draw of sixteen bits reaches the bound, nothing elsewhere.</summary>
    private static Vector512<int> Kept(Vector512<int> draws, int bound, int kept) => Vector512.GreaterThanOrEqual(draws, Vector512.Create(bound)) & Vector512.Create(kept);
}

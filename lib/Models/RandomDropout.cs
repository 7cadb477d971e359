using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Models;

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
        if (input.device_type != DeviceType.CPU || input.dtype != ScalarType.Float32)
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
        var (bound, kept) = ((int)Math.Round(_dropped * (1 << DrawBits)), BitConverter.SingleToInt32Bits((float)(1 / (1 - _dropped))));
        var (bounds, number) = (Vector128.Create(bound), Vector128.Create(kept));
        var whole = values.Length / DrawsTogether * DrawsTogether;
        for (var first = 0; first < whole; first += DrawsTogether)
            Kept(bits.Next(), bounds, number).StoreUnsafe(ref values[first]);
        if (whole < values.Length)
        {
            var rest = Kept(bits.Next(), bounds, number);
            for (var at = whole; at < values.Length; at++)
                values[at] = rest[at - whole];
        }

        return mask;
    }

    /// <summary>The number where a draw of sixteen bits reaches the bound, nothing elsewhere: without branches, which would be guessed wrong every other time.</summary>
    private static Vector128<int> Kept(ulong draws, Vector128<int> bounds, Vector128<int> number) =>
        Vector128.GreaterThanOrEqual(Vector128.WidenLower(Vector128.CreateScalar(draws).AsUInt16()).AsInt32(), bounds) & number;
}

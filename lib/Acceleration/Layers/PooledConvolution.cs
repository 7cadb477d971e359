using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>The attention's first layer over the embeddings of two branches: a convolution of 3 x 3, ReLU, and the mean over stretches of rows, in one pass on the CPU.</summary>
/// <remarks>
/// As tensor operations it writes and reads the maps, 16 times as large as the embeddings, nine times there and back: a seventh of a training step (measured, tests/benchmarks).
/// Here they never leave the registers; the way back computes them again.
/// </remarks>
internal static class PooledConvolution
{
    /// <summary>Weights of a kernel; biases are packed behind them.</summary>
    internal const int Taps = 9;

    /// <summary>Whether this is the way for these branches; <see cref="NarrowConvolution"/> takes the others.</summary>
    /// <param name="branches">(sample, row) each.</param>
    /// <param name="convolution">Over maps (row, branch) of one channel.</param>
    /// <param name="poolSize">Rows in a stretch.</param>
    public static bool Takes(IReadOnlyList<Tensor> branches, Conv2d convolution, int poolSize) =>
        branches.Count == 2 && branches.All(b => b.HoldsFloats() && b.shape[1] >= poolSize && b.shape[0] > 0)
        && convolution.weight.shape[1] == 1 && convolution.weight.shape[0] % Lanes512.Count == 0;

    /// <summary>(sample, row) of two branches to (sample, stretch of rows, branch, kernel); rows that fill no stretch are left out.</summary>
    /// <param name="branches">Two.</param>
    /// <param name="convolution">Kernels (kernel, 1, 3, 3) and biases; padding 1.</param>
    /// <param name="poolSize">Rows in a stretch.</param>
    public static Tensor Of(IReadOnlyList<Tensor> branches, Conv2d convolution, int poolSize) =>
        is_grad_enabled()
            ? PooledConvolutionFunction.apply(branches[0], branches[1], convolution.weight, convolution.bias!, poolSize)
            : Forward(branches[0], branches[1], convolution.weight, convolution.bias!, poolSize);

    /// <summary>The means.</summary>
    /// <param name="first">(sample, row).</param>
    /// <param name="second">(sample, row).</param>
    /// <param name="weight">(kernel, 1, 3, 3).</param>
    /// <param name="bias">(kernel).</param>
    /// <param name="poolSize">Rows in a stretch.</param>
    public static Tensor Forward(Tensor first, Tensor second, Tensor weight, Tensor bias, int poolSize) =>
        Lanes512.IsSupported ? Forward<Lanes512>(first, second, weight, bias, poolSize)
        : Lanes256.IsSupported ? Forward<Lanes256>(first, second, weight, bias, poolSize)
        : Forward<Lanes128>(first, second, weight, bias, poolSize);

    /// <summary>Slopes by both branches, kernels and biases.</summary>
    /// <param name="first">As in <see cref="Forward(Tensor, Tensor, Tensor, Tensor, int)"/>, like the others.</param>
    /// <param name="second">(sample, row).</param>
    /// <param name="weight">(kernel, 1, 3, 3).</param>
    /// <param name="bias">(kernel).</param>
    /// <param name="poolSize">Rows in a stretch.</param>
    /// <param name="slope">By the result.</param>
    public static IReadOnlyList<Tensor> Backward(Tensor first, Tensor second, Tensor weight, Tensor bias, int poolSize, Tensor slope) =>
        Lanes512.IsSupported ? Backward<Lanes512>(first, second, weight, bias, poolSize, slope)
        : Lanes256.IsSupported ? Backward<Lanes256>(first, second, weight, bias, poolSize, slope)
        : Backward<Lanes128>(first, second, weight, bias, poolSize, slope);

    internal static Tensor Forward<T>(Tensor first, Tensor second, Tensor weight, Tensor bias, int poolSize)
        where T : struct, ILanes<T>
    {
        using var scope = NewDisposeScope();
        var (samples, rows, kernels) = ((int)first.shape[0], (int)first.shape[1], (int)weight.shape[0]);
        var pooled = rows / poolSize;
        var (left, right) = (first.contiguous(), second.contiguous());
        var packed = Pack(weight, bias);
        var result = empty(samples, pooled, 2, kernels);
        SampleParts.Share(samples, (_, those) =>
        {
            using var map = zeros((rows + 2) * 2);
            var x = map.Floats();
            foreach (var sample in those)
            {
                Interleave(left.Floats(sample, rows), right.Floats(sample, rows), x);
                var to = result.Floats(sample, pooled * 2 * kernels);
                for (var kernel = 0; kernel < kernels; kernel += T.Count)
                    PooledConvolutionKernel<T>.Forward(ref x[0], ref packed.Floats()[kernel], ref to[kernel], kernels, pooled, poolSize);
            }
        });
        return result.MoveToOuterDisposeScope();
    }

    internal static IReadOnlyList<Tensor> Backward<T>(Tensor first, Tensor second, Tensor weight, Tensor bias, int poolSize, Tensor slope)
        where T : struct, ILanes<T>
    {
        using var scope = NewDisposeScope();
        var (samples, rows, kernels) = ((int)first.shape[0], (int)first.shape[1], (int)weight.shape[0]);
        var pooled = rows / poolSize;
        var (left, right) = (first.contiguous(), second.contiguous());
        var packed = Pack(weight, bias);
        var given = slope.contiguous();
        var (byFirst, bySecond) = (empty(samples, rows), empty(samples, rows));
        var byPacked = zeros(SampleParts.Count(samples), Taps + 1, kernels);
        SampleParts.Share(samples, (part, those) =>
        {
            using var maps = zeros(2, (rows + 2) * 2);
            var x = maps.Floats(0, (rows + 2) * 2);
            var by = maps.Floats(1, (rows + 2) * 2);
            var sums = byPacked.Floats(part, (Taps + 1) * kernels);
            foreach (var sample in those)
            {
                Interleave(left.Floats(sample, rows), right.Floats(sample, rows), x);
                by.Clear();
                var from = given.Floats(sample, pooled * 2 * kernels);
                for (var kernel = 0; kernel < kernels; kernel += T.Count)
                    PooledConvolutionKernel<T>.Backward(ref x[0], ref packed.Floats()[kernel], ref from[kernel], kernels, pooled, poolSize, ref by[0], ref sums[kernel]);
                Separate(by, byFirst.Floats(sample, rows), bySecond.Floats(sample, rows));
            }
        });
        // Part by part in one order: no bit depends on which thread was first.
        var all = byPacked.sum([0]);
        Tensor[] slopes =
        [
            byFirst, bySecond,
            all.narrow(0, 0, Taps).t().contiguous().view(kernels, 1, 3, 3), all.select(0, Taps).contiguous(),
        ];
        return [.. slopes.Select(s => s.MoveToOuterDisposeScope())];
    }

    /// <summary>Two branches' rows to a map (row, branch), whose first and last row stay as they are: zeros.</summary>
    private static void Interleave(Span<float> first, Span<float> second, Span<float> map)
    {
        for (var row = 0; row < first.Length; row++)
            (map[2 * (row + 1)], map[(2 * (row + 1)) + 1]) = (first[row], second[row]);
    }

    /// <summary>The other way round.</summary>
    private static void Separate(Span<float> map, Span<float> first, Span<float> second)
    {
        for (var row = 0; row < first.Length; row++)
            (first[row], second[row]) = (map[2 * (row + 1)], map[(2 * (row + 1)) + 1]);
    }

    /// <summary>(tap of the kernel, kernel), then the biases.</summary>
    private static Tensor Pack(Tensor weight, Tensor bias) => cat([weight.view(-1, Taps).t(), bias.unsqueeze(0)], 0);
}

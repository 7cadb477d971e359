using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="ConvReluPool"/> with 3 x 3 kernels over maps of one channel and two columns (two embeddings).</summary>
/// <remarks>The maps between convolution and pooling never leave the registers; the backward pass recomputes them.</remarks>
internal static class PairConvolution
{
    /// <summary>Weights of a kernel; its bias is packed after them.</summary>
    internal const int Taps = 9;

    private const int Columns = 2;

    /// <summary>(sample, row, column) to (sample, pooled row, column, kernel), in the autograd graph if gradients are enabled.</summary>
    /// <param name="map">(sample, row, 2).</param>
    /// <param name="weight">(kernel, 1, 3, 3).</param>
    /// <param name="bias">(kernel).</param>
    /// <param name="poolRows">Rows in a pooling window.</param>
    public static Tensor Convolve(Tensor map, Tensor weight, Tensor bias, int poolRows) =>
        is_grad_enabled() ? PairConvolutionFunction.apply(map, weight, bias, poolRows) : Forward(map, weight, bias, poolRows);

    /// <inheritdoc cref="Convolve"/>
    public static Tensor Forward(Tensor map, Tensor weight, Tensor bias, int poolRows) =>
        SimdDispatch.Run<ForwardWork, Tensor>(new(map, weight, bias, poolRows));

    /// <summary>Backward pass: gradients of the loss with respect to map, weight and bias, in their shapes.</summary>
    /// <param name="map">(sample, row, 2).</param>
    /// <param name="weight">(kernel, 1, 3, 3).</param>
    /// <param name="bias">(kernel).</param>
    /// <param name="poolRows">Rows in a pooling window.</param>
    /// <param name="gradOutput">Gradient with respect to the output (sample, pooled row, column, kernel).</param>
    public static IReadOnlyList<Tensor> Backward(Tensor map, Tensor weight, Tensor bias, int poolRows, Tensor gradOutput) =>
        SimdDispatch.Run<BackwardWork, IReadOnlyList<Tensor>>(new(map, weight, bias, poolRows, gradOutput));

    internal static Tensor Forward<T>(Tensor map, Tensor weight, Tensor bias, int poolRows)
        where T : struct, ISimdVector<T>
    {
        using var scope = NewDisposeScope();
        var (samples, rows, kernels) = ((int)map.shape[0], (int)map.shape[1], (int)weight.shape[0]);
        var pooled = rows / poolRows;
        var (from, packed, result) = (map.contiguous(), Pack(weight, bias), Buffers.Empty(samples, pooled, Columns, kernels));
        SampleBlocks.For(samples, (_, block) =>
        {
            // Zero padding: one row above the first and one below the last.
            var padded = new float[(rows + 2) * Columns];
            foreach (var sample in block)
            {
                from.FloatSpan(sample, rows * Columns).CopyTo(padded.AsSpan(Columns));
                var to = result.FloatSpan(sample, pooled * Columns * kernels);
                for (var kernel = 0; kernel < kernels; kernel += T.Count)
                    PairConvolutionKernel<T>.Forward(
                        ref padded[0], ref packed.FloatSpan()[kernel], ref to[kernel], kernels, pooled, poolRows);
            }
        });
        return result.MoveToOuterDisposeScope();
    }

    internal static IReadOnlyList<Tensor> Backward<T>(Tensor map, Tensor weight, Tensor bias, int poolRows, Tensor gradOutput)
        where T : struct, ISimdVector<T>
    {
        using var scope = NewDisposeScope();
        var (samples, rows, kernels) = ((int)map.shape[0], (int)map.shape[1], (int)weight.shape[0]);
        var pooled = rows / poolRows;
        var (from, packed, gradients) = (map.contiguous(), Pack(weight, bias), gradOutput.contiguous());
        var gradMap = empty_like(from);
        var gradPacked = Buffers.Zeros(SampleBlocks.Count(samples), Taps + 1, kernels);
        SampleBlocks.For(samples, (index, block) =>
        {
            var (padded, gradPadded) = (new float[(rows + 2) * Columns], new float[(rows + 2) * Columns]);
            var sums = gradPacked.FloatSpan(index, (Taps + 1) * kernels);
            foreach (var sample in block)
            {
                from.FloatSpan(sample, rows * Columns).CopyTo(padded.AsSpan(Columns));
                Array.Clear(gradPadded);
                var gradSample = gradients.FloatSpan(sample, pooled * Columns * kernels);
                for (var kernel = 0; kernel < kernels; kernel += T.Count)
                    PairConvolutionKernel<T>.Backward(
                        ref padded[0], ref packed.FloatSpan()[kernel], ref gradSample[kernel], kernels, pooled, poolRows, ref gradPadded[0],
                        ref sums[kernel]);
                gradPadded.AsSpan(Columns, rows * Columns).CopyTo(gradMap.FloatSpan(sample, rows * Columns));
            }
        });
        // Summed in the order of the blocks: bit-identical for any number of threads.
        var sum = gradPacked.sum([0]);
        Tensor[] result = [gradMap, sum.narrow(0, 0, Taps).t().contiguous().view(kernels, 1, 3, 3), sum.select(0, Taps).contiguous()];
        return [.. result.Select(gradient => gradient.MoveToOuterDisposeScope())];
    }

    /// <summary>Packs weights and biases to (tap, kernel); the biases are the last row.</summary>
    private static Tensor Pack(Tensor weight, Tensor bias) => cat([weight.view(-1, Taps).t(), bias.unsqueeze(0)], 0);

    private readonly record struct ForwardWork(Tensor Map, Tensor Weight, Tensor Bias, int PoolRows) : ISimdWork<Tensor>
    {
        public Tensor Run<T>()
            where T : struct, ISimdVector<T> => Forward<T>(Map, Weight, Bias, PoolRows);
    }

    private readonly record struct BackwardWork(
        Tensor Map, Tensor Weight, Tensor Bias, int PoolRows, Tensor GradOutput) : ISimdWork<IReadOnlyList<Tensor>>
    {
        public IReadOnlyList<Tensor> Run<T>()
            where T : struct, ISimdVector<T> => Backward<T>(Map, Weight, Bias, PoolRows, GradOutput);
    }
}

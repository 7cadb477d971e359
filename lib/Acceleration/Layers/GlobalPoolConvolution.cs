using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="ConvReluPool"/> with global pooling over all rows: the CPU kernel, one sample at a time.</summary>
/// <remarks>
/// The maps are so narrow that a window covers all columns. The weights are therefore arranged as a banded matrix (one band for each output
/// column), and the convolution is a product of a matrix of overlapping windows of whole rows, which micro-kernels read in place, with that
/// band matrix. The maps of one sample stay in the cache; the backward pass recomputes them.
/// </remarks>
internal static class GlobalPoolConvolution
{
    /// <summary>(sample, row, column, channel) to (sample, column, kernel), in the autograd graph if gradients are enabled.</summary>
    /// <param name="maps">Maps of two or three columns.</param>
    /// <param name="weight">(kernel, channel, height, width); height and width are odd.</param>
    /// <param name="bias">(kernel).</param>
    public static Tensor Convolve(Tensor maps, Tensor weight, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var columns = maps.shape[2];
        var (rows, band, biases) = (maps.flatten(2), Band(weight, columns), bias.repeat(columns));
        var means = is_grad_enabled() ? GlobalPoolFunction.apply(rows, band, biases) : Forward(rows, band, biases);
        return means.view(maps.shape[0], columns, -1).MoveToOuterDisposeScope();
    }

    /// <summary>The weights as a banded matrix (window row x input column x channel, output column x kernel).</summary>
    private static Tensor Band(Tensor weight, long columns)
    {
        var (kernels, channels, height, width) = (weight.shape[0], weight.shape[1], weight.shape[2], weight.shape[3]);
        var padded = nn.functional.pad(weight, [columns, columns]);
        var bands = stack(
            [.. Enumerable.Range(0, (int)columns).Select(column => padded.narrow(3, (width / 2) + columns - column, columns))], 0);
        return bands.permute(3, 4, 2, 0, 1).reshape(height * columns * channels, columns * kernels);
    }

    /// <summary>Forward pass: mean over rows of ReLU of the convolution, (sample, output).</summary>
    /// <param name="maps">(sample, row, input); inputs and outputs fill whole micro-kernels.</param>
    /// <param name="band">(window row x input, output); a window has an odd number of rows.</param>
    /// <param name="bias">(output).</param>
    public static Tensor Forward(Tensor maps, Tensor band, Tensor bias) =>
        SimdDispatch.Run<ForwardWork, Tensor>(new(maps, band, bias));

    /// <summary>Backward pass: gradients of the loss with respect to maps, band and bias, in their shapes.</summary>
    /// <param name="maps">(sample, row, input).</param>
    /// <param name="band">(window row x input, output).</param>
    /// <param name="bias">(output).</param>
    /// <param name="gradOutput">Gradient with respect to the means (sample, output).</param>
    public static IReadOnlyList<Tensor> Backward(Tensor maps, Tensor band, Tensor bias, Tensor gradOutput) =>
        SimdDispatch.Run<BackwardWork, IReadOnlyList<Tensor>>(new(maps, band, bias, gradOutput));

    internal static Tensor Forward<T>(Tensor maps, Tensor band, Tensor bias)
        where T : struct, ISimdVector<T>
    {
        using var scope = NewDisposeScope();
        var shape = GlobalPoolShape.For(maps, band);
        var (from, packed, result) = (maps.contiguous(), Pack<T>(band), Buffers.Empty(maps.shape[0], shape.Outputs));
        SampleBlocks.For((int)maps.shape[0], (_, samples) =>
        {
            using var workspace = Buffers.Zeros(GlobalPoolKernel<T>.WorkspaceLength(shape));
            var kernel = new GlobalPoolKernel<T>(shape, workspace.FloatSpan());
            foreach (var sample in samples)
                kernel.Forward(
                    from.FloatSpan(sample, shape.Map), packed.FloatSpan(), bias.FloatSpan(), result.FloatSpan(sample, shape.Outputs));
        });
        return result.MoveToOuterDisposeScope();
    }

    internal static IReadOnlyList<Tensor> Backward<T>(Tensor maps, Tensor band, Tensor bias, Tensor gradOutput)
        where T : struct, ISimdVector<T>
    {
        using var scope = NewDisposeScope();
        var (shape, sampleCount) = (GlobalPoolShape.For(maps, band), (int)maps.shape[0]);
        var (from, gradients, packed) = (maps.contiguous(), gradOutput.contiguous(), Pack<T>(band));
        // gradMaps is the convolution of the output gradients with the flipped and transposed band.
        var transposed = band.view(shape.Height, shape.Inputs, shape.Outputs).flip(0).transpose(1, 2);
        var flipped = Pack<T>(transposed.reshape(shape.Height * shape.Outputs, shape.Inputs));
        var gradMaps = Buffers.Empty(maps.shape);
        var gradBand = Buffers.Zeros(SampleBlocks.Count(sampleCount), shape.BandRows, shape.Outputs);
        var gradBias = Buffers.Zeros(SampleBlocks.Count(sampleCount), shape.Outputs);
        SampleBlocks.For(sampleCount, (block, samples) =>
        {
            using var workspace = Buffers.Zeros(GlobalPoolKernel<T>.WorkspaceLength(shape));
            var kernel = new GlobalPoolKernel<T>(shape, workspace.FloatSpan());
            foreach (var sample in samples)
            {
                kernel.Backward(
                    from.FloatSpan(sample, shape.Map), packed.FloatSpan(), bias.FloatSpan(), gradients.FloatSpan(sample, shape.Outputs),
                    flipped.FloatSpan(), gradMaps.FloatSpan(sample, shape.Map), gradBand.FloatSpan(block, shape.BandRows * shape.Outputs),
                    gradBias.FloatSpan(block, shape.Outputs));
            }
        });
        // Summed in the order of the blocks: bit-identical for any number of threads.
        Tensor[] result = [gradMaps, gradBand.sum([0]).narrow(0, 0, shape.Height * shape.Inputs).contiguous(), gradBias.sum([0])];
        return [.. result.Select(gradient => gradient.MoveToOuterDisposeScope())];
    }

    /// <summary>Packs a matrix (inner, column) into panels (panel, inner, column in the panel).</summary>
    private static Tensor Pack<T>(Tensor matrix)
        where T : struct, ISimdVector<T>
    {
        var (inner, columns) = ((int)matrix.shape[0], (int)matrix.shape[1]);
        var (rows, panels) = (matrix.contiguous(), Buffers.Empty(inner, columns));
        var from = rows.FloatSpan();
        var to = panels.FloatSpan();
        for (var k = 0; k < inner; k++)
            PanelGemm.Pack<T>(from.Slice(k * columns, columns), k, inner, columns, to);
        return panels;
    }

    private readonly record struct ForwardWork(Tensor Maps, Tensor Band, Tensor Bias) : ISimdWork<Tensor>
    {
        public Tensor Run<T>()
            where T : struct, ISimdVector<T> => Forward<T>(Maps, Band, Bias);
    }

    private readonly record struct BackwardWork(
        Tensor Maps, Tensor Band, Tensor Bias, Tensor GradOutput) : ISimdWork<IReadOnlyList<Tensor>>
    {
        public IReadOnlyList<Tensor> Run<T>()
            where T : struct, ISimdVector<T> => Backward<T>(Maps, Band, Bias, GradOutput);
    }
}

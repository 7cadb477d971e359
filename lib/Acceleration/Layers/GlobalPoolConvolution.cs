using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="ConvReluPool"/> with the mean over all rows, sample by sample on the CPU.</summary>
/// <remarks>
/// The maps are so narrow that a window covers all columns. So the weights become a banded matrix (one band for each column of the result),
/// and the convolution a product with a matrix of overlapping windows of whole rows, which micro-kernels read in place. One sample's maps
/// stay in the cache; the backward pass computes them again.
/// </remarks>
internal static class GlobalPoolConvolution
{
    /// <summary>(sample, row, column, channel) to (sample, column, kernel), in the autograd graph where one is convolved.</summary>
    /// <param name="maps">Maps of two or three columns.</param>
    /// <param name="weight">(kernel, channel, height, width), of odd height and width.</param>
    /// <param name="bias">(kernel).</param>
    public static Tensor Convolve(Tensor maps, Tensor weight, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var columns = maps.shape[2];
        var (rows, band, biases) = (maps.flatten(2), Band(weight, columns), bias.repeat(columns));
        var means = is_grad_enabled() ? GlobalPoolFunction.apply(rows, band, biases) : Forward(rows, band, biases);
        return means.view(maps.shape[0], columns, -1).MoveToOuterDisposeScope();
    }

    /// <summary>The weights as a banded matrix (row of the window x column of the map x channel, column of the result x kernel).</summary>
    private static Tensor Band(Tensor weight, long columns)
    {
        var (kernels, channels, height, width) = (weight.shape[0], weight.shape[1], weight.shape[2], weight.shape[3]);
        var padded = nn.functional.pad(weight, [columns, columns]);
        var bands = stack(
            [.. Enumerable.Range(0, (int)columns).Select(column => padded.narrow(3, (width / 2) + columns - column, columns))], 0);
        return bands.permute(3, 4, 2, 0, 1).reshape(height * columns * channels, columns * kernels);
    }

    /// <summary>The means (sample, output) over rows of ReLU of the convolution.</summary>
    /// <param name="maps">(sample, row, input): inputs and outputs fill whole micro-kernels.</param>
    /// <param name="band">(row of the window x input, output); a window has an odd number of rows.</param>
    /// <param name="bias">(output).</param>
    public static Tensor Forward(Tensor maps, Tensor band, Tensor bias) =>
        SimdDispatch.Run<ForwardWork, Tensor>(new(maps, band, bias));

    /// <summary>Gradients of the loss with respect to maps, band and bias, in their shapes.</summary>
    /// <param name="maps">(sample, row, input).</param>
    /// <param name="band">(row of the window x input, output).</param>
    /// <param name="bias">(output).</param>
    /// <param name="gradOutput">Gradient with respect to the means: (sample, output).</param>
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
            var work = new GlobalPoolKernel<T>(shape, workspace.FloatSpan());
            foreach (var sample in samples)
                work.Forward(from.FloatSpan(sample, shape.Map), packed.FloatSpan(), bias.FloatSpan(),
                    result.FloatSpan(sample, shape.Outputs));
        });
        return result.MoveToOuterDisposeScope();
    }

    internal static IReadOnlyList<Tensor> Backward<T>(Tensor maps, Tensor band, Tensor bias, Tensor gradOutput)
        where T : struct, ISimdVector<T>
    {
        using var scope = NewDisposeScope();
        var (shape, samplesInAll) = (GlobalPoolShape.For(maps, band), (int)maps.shape[0]);
        var (from, gradients, packed) = (maps.contiguous(), gradOutput.contiguous(), Pack<T>(band));
        // gradMap is the convolution of the gradients with the flipped, transposed band.
        var transposed = band.view(shape.Height, shape.Inputs, shape.Outputs).flip(0).transpose(1, 2);
        var flipped = Pack<T>(transposed.reshape(shape.Height * shape.Outputs, shape.Inputs));
        var gradMaps = Buffers.Empty(maps.shape);
        var gradBand = Buffers.Zeros(SampleBlocks.Count(samplesInAll), shape.BandRows, shape.Outputs);
        var gradBias = Buffers.Zeros(SampleBlocks.Count(samplesInAll), shape.Outputs);
        SampleBlocks.For(samplesInAll, (block, samples) =>
        {
            using var workspace = Buffers.Zeros(GlobalPoolKernel<T>.WorkspaceLength(shape));
            var work = new GlobalPoolKernel<T>(shape, workspace.FloatSpan());
            foreach (var sample in samples)
            {
                work.Backward(
                    from.FloatSpan(sample, shape.Map), packed.FloatSpan(), bias.FloatSpan(), gradients.FloatSpan(sample, shape.Outputs),
                    flipped.FloatSpan(), gradMaps.FloatSpan(sample, shape.Map), gradBand.FloatSpan(block, shape.BandRows * shape.Outputs),
                    gradBias.FloatSpan(block, shape.Outputs));
            }
        });
        // In the order of the blocks: no bit depends on the threads.
        Tensor[] made = [gradMaps, gradBand.sum([0]).narrow(0, 0, shape.Height * shape.Inputs).contiguous(), gradBias.sum([0])];
        return [.. made.Select(m => m.MoveToOuterDisposeScope())];
    }

    /// <summary>Packs a matrix (inner, column) to (panel, inner, column of the panel).</summary>
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

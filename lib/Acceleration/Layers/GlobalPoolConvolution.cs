using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary><see cref="ConvReluPool"/> with the mean over all rows, sample by sample on the CPU.</summary>
/// <remarks>
/// A window as wide as the map holds all columns, so the kernel becomes, for each column of the result, a band of its columns, and the convolution the product of a
/// matrix whose rows are windows of whole rows of the map, and overlap: the micro-kernels read it as it lies. One sample's maps stay in the cache; the backward pass
/// computes them again.
/// </remarks>
internal static class GlobalPoolConvolution
{
    /// <summary>(sample, row, column, channel) to (sample, column, kernel), in the autograd graph where one is made.</summary>
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

    /// <summary>(row of the window x column of the map x channel, column of the result x kernel).</summary>
    private static Tensor Band(Tensor weight, long columns)
    {
        var (kernels, channels, height, width) = (weight.shape[0], weight.shape[1], weight.shape[2], weight.shape[3]);
        var padded = nn.functional.pad(weight, [columns, columns]);
        var bands = stack([.. Enumerable.Range(0, (int)columns).Select(column => padded.narrow(3, (width / 2) + columns - column, columns))], 0);
        return bands.permute(3, 4, 2, 0, 1).reshape(height * columns * channels, columns * kernels);
    }

    /// <summary>The means (sample, output) over rows of ReLU of the convolution.</summary>
    /// <param name="maps">(sample, row, input): inputs fill whole micro-kernels, like outputs.</param>
    /// <param name="band">(row of the window x input, output), an odd number of rows.</param>
    /// <param name="bias">(output).</param>
    public static Tensor Forward(Tensor maps, Tensor band, Tensor bias) =>
        Widest.Run<ForwardWork, Tensor>(new(maps, band, bias));

    /// <summary>Gradients by maps, band and biases.</summary>
    /// <param name="maps">As above, like the next two.</param>
    /// <param name="band">(row of the window x input, output).</param>
    /// <param name="bias">(output).</param>
    /// <param name="gradOutput">By the means.</param>
    public static IReadOnlyList<Tensor> Backward(Tensor maps, Tensor band, Tensor bias, Tensor gradOutput) =>
        Widest.Run<BackwardWork, IReadOnlyList<Tensor>>(new(maps, band, bias, gradOutput));

    internal static Tensor Forward<T>(Tensor maps, Tensor band, Tensor bias)
        where T : struct, ILanes<T>
    {
        using var scope = NewDisposeScope();
        var shape = GlobalPoolShape.Of(maps, band);
        var (from, packed, result) = (maps.contiguous(), Pack<T>(band), Buffers.Empty(maps.shape[0], shape.Outputs));
        SampleParts.Share((int)maps.shape[0], (_, samples) =>
        {
            using var room = Buffers.Zeros(GlobalPoolKernel<T>.Room(shape));
            var work = new GlobalPoolKernel<T>(shape, room.Floats());
            foreach (var sample in samples)
                work.Forward(from.Floats(sample, shape.Map), packed.Floats(), bias.Floats(), result.Floats(sample, shape.Outputs));
        });
        return result.MoveToOuterDisposeScope();
    }

    internal static IReadOnlyList<Tensor> Backward<T>(Tensor maps, Tensor band, Tensor bias, Tensor gradOutput)
        where T : struct, ILanes<T>
    {
        using var scope = NewDisposeScope();
        var (shape, samplesInAll) = (GlobalPoolShape.Of(maps, band), (int)maps.shape[0]);
        var (from, slopes, packed) = (maps.contiguous(), gradOutput.contiguous(), Pack<T>(band));
        // A row of a map lies in the windows of the rows around it: in the first of them as the last row.
        var back = Pack<T>(band.view(shape.Height, shape.Inputs, shape.Outputs).flip(0).transpose(1, 2).reshape(shape.Height * shape.Outputs, shape.Inputs));
        var byMaps = Buffers.Empty(maps.shape);
        var byBand = Buffers.Zeros(SampleParts.Count(samplesInAll), shape.BandRows, shape.Outputs);
        var byBias = Buffers.Zeros(SampleParts.Count(samplesInAll), shape.Outputs);
        SampleParts.Share(samplesInAll, (part, samples) =>
        {
            using var room = Buffers.Zeros(GlobalPoolKernel<T>.Room(shape));
            var work = new GlobalPoolKernel<T>(shape, room.Floats());
            foreach (var sample in samples)
            {
                work.Backward(
                    from.Floats(sample, shape.Map), packed.Floats(), bias.Floats(), slopes.Floats(sample, shape.Outputs), back.Floats(),
                    byMaps.Floats(sample, shape.Map), byBand.Floats(part, shape.BandRows * shape.Outputs), byBias.Floats(part, shape.Outputs));
            }
        });
        // Part by part in one order: no bit depends on which thread was first.
        Tensor[] made = [byMaps, byBand.sum([0]).narrow(0, 0, shape.Height * shape.Inputs).contiguous(), byBias.sum([0])];
        return [.. made.Select(m => m.MoveToOuterDisposeScope())];
    }

    /// <summary>A matrix (step, column) as tiles want it: (panel, step, column of the panel).</summary>
    private static Tensor Pack<T>(Tensor matrix)
        where T : struct, ILanes<T>
    {
        var (steps, columns) = ((int)matrix.shape[0], (int)matrix.shape[1]);
        var (rows, panels) = (matrix.contiguous(), Buffers.Empty(steps, columns));
        var from = rows.Floats();
        var to = panels.Floats();
        for (var step = 0; step < steps; step++)
            Tiles.Pack<T>(from.Slice(step * columns, columns), step, steps, columns, to);
        return panels;
    }

    private readonly record struct ForwardWork(Tensor Maps, Tensor Band, Tensor Bias) : IVectorWork<Tensor>
    {
        public Tensor Run<T>()
            where T : struct, ILanes<T> => Forward<T>(Maps, Band, Bias);
    }

    private readonly record struct BackwardWork(Tensor Maps, Tensor Band, Tensor Bias, Tensor GradOutput) : IVectorWork<IReadOnlyList<Tensor>>
    {
        public IReadOnlyList<Tensor> Run<T>()
            where T : struct, ILanes<T> => Backward<T>(Maps, Band, Bias, GradOutput);
    }
}

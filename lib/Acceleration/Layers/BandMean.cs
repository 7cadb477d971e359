using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>The attention's second layer: a band of a convolution over windows of rows, ReLU, and the mean over all rows, sample by sample on the CPU.</summary>
/// <remarks>
/// As tensor operations it copies each row five times into windows and writes and reads maps of many megabytes (measured: a twentieth of a training step). A window of
/// whole rows is a row of a matrix whose rows overlap, which a tile reads as it lies; one sample's maps stay in the cache; the way back computes them again.
/// </remarks>
internal static class BandMean
{
    /// <summary>Whether this is the way for these maps.</summary>
    /// <param name="maps">(sample, row, column, channel).</param>
    /// <param name="convolution">Kernels (kernel, channel, height, width).</param>
    public static bool Takes(Tensor maps, Conv2d convolution) =>
        maps.HoldsFloats() && maps.shape[0] > 0
        && maps.shape[2] * maps.shape[3] % MatrixTile.Columns<Lanes512>() == 0 && maps.shape[2] * convolution.weight.shape[0] % MatrixTile.Columns<Lanes512>() == 0;

    /// <summary>The means (sample, output), in the graph of gradients where one is made.</summary>
    /// <param name="maps">(sample, row, input): inputs fill whole tiles, like outputs.</param>
    /// <param name="band">(row of the window x input, output), an odd number of rows.</param>
    /// <param name="bias">(output).</param>
    public static Tensor Of(Tensor maps, Tensor band, Tensor bias) => is_grad_enabled() ? BandMeanFunction.apply(maps, band, bias) : Forward(maps, band, bias);

    /// <inheritdoc cref="Of"/>
    public static Tensor Forward(Tensor maps, Tensor band, Tensor bias) =>
        Lanes512.IsSupported ? Forward<Lanes512>(maps, band, bias) : Lanes256.IsSupported ? Forward<Lanes256>(maps, band, bias) : Forward<Lanes128>(maps, band, bias);

    /// <summary>Slopes by maps, band and biases.</summary>
    /// <param name="maps">As above, like the next two.</param>
    /// <param name="band">(row of the window x input, output).</param>
    /// <param name="bias">(output).</param>
    /// <param name="slope">By the means.</param>
    public static IReadOnlyList<Tensor> Backward(Tensor maps, Tensor band, Tensor bias, Tensor slope) =>
        Lanes512.IsSupported ? Backward<Lanes512>(maps, band, bias, slope)
        : Lanes256.IsSupported ? Backward<Lanes256>(maps, band, bias, slope)
        : Backward<Lanes128>(maps, band, bias, slope);

    internal static Tensor Forward<T>(Tensor maps, Tensor band, Tensor bias)
        where T : struct, ILanes<T>
    {
        using var scope = NewDisposeScope();
        var shape = BandShape.Of(maps, band);
        var (from, packed, result) = (maps.contiguous(), Pack<T>(band), empty(maps.shape[0], shape.Outputs));
        SampleParts.Share((int)maps.shape[0], (_, samples) =>
        {
            using var room = zeros(BandMeanWork<T>.Room(shape));
            var work = new BandMeanWork<T>(shape, room.Floats());
            foreach (var sample in samples)
                work.Forward(from.Floats(sample, shape.Map), packed.Floats(), bias.Floats(), result.Floats(sample, shape.Outputs));
        });
        return result.MoveToOuterDisposeScope();
    }

    internal static IReadOnlyList<Tensor> Backward<T>(Tensor maps, Tensor band, Tensor bias, Tensor slope)
        where T : struct, ILanes<T>
    {
        using var scope = NewDisposeScope();
        var (shape, samplesInAll) = (BandShape.Of(maps, band), (int)maps.shape[0]);
        var (from, slopes, packed) = (maps.contiguous(), slope.contiguous(), Pack<T>(band));
        // A row of a map lies in the windows of the rows around it: in the first of them as the last row.
        var back = Pack<T>(band.view(shape.Height, shape.Inputs, shape.Outputs).flip(0).transpose(1, 2).reshape(shape.Height * shape.Outputs, shape.Inputs));
        var byMaps = empty(maps.shape);
        var byBand = zeros(SampleParts.Count(samplesInAll), shape.BandRows, shape.Outputs);
        var byBias = zeros(SampleParts.Count(samplesInAll), shape.Outputs);
        SampleParts.Share(samplesInAll, (part, samples) =>
        {
            using var room = zeros(BandMeanWork<T>.Room(shape));
            var work = new BandMeanWork<T>(shape, room.Floats());
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
        var (rows, panels) = (matrix.contiguous(), empty(steps, columns));
        var from = rows.Floats();
        var to = panels.Floats();
        for (var step = 0; step < steps; step++)
            Tiles.Pack<T>(from.Slice(step * columns, columns), step, steps, columns, to);
        return panels;
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Acceleration.Layers;

/// <summary>A convolution over maps of two or three columns as one matrix product, which takes half the time that convolutions made for pictures take (measured).</summary>
/// <remarks>
/// A window as wide as the map holds all columns, so the kernel becomes, for each column of the result, a band of the kernel's columns; the padding beside the map
/// is never multiplied.
/// </remarks>
internal static class NarrowConvolution
{
    /// <summary>The convolution with stride 1 and as much padding as keeps the size.</summary>
    /// <param name="maps">(sample, row, column, channel).</param>
    /// <param name="convolution">Kernels (kernel, channel, height, width) of odd height and width, and biases.</param>
    /// <returns>(sample, row, column, kernel).</returns>
    public static Tensor Of(Tensor maps, Conv2d convolution)
    {
        using var scope = NewDisposeScope();
        var (samples, rows, columns, channels) = (maps.shape[0], maps.shape[1], maps.shape[2], maps.shape[3]);
        var (kernels, height) = (convolution.weight.shape[0], convolution.weight.shape[2]);
        var windows = functional.pad(maps.flatten(2), [0, 0, height / 2, height / 2]).unfold(1, height, 1).transpose(2, 3).reshape(samples * rows, height * columns * channels);
        var product = addmm(convolution.bias!.repeat(columns), windows, Band(convolution.weight, columns), 1, 1);
        return product.view(samples, rows, columns, kernels).MoveToOuterDisposeScope();
    }

    /// <summary>The mean over all rows of ReLU of the convolution: on the CPU in one pass (<see cref="BandMean"/>).</summary>
    /// <inheritdoc cref="Of"/>
    /// <returns>(sample, column, kernel).</returns>
    public static Tensor MeanOf(Tensor maps, Conv2d convolution)
    {
        using var scope = NewDisposeScope();
        if (!BandMean.Takes(maps, convolution))
            return Of(maps, convolution).relu().mean([1]).MoveToOuterDisposeScope();
        var columns = maps.shape[2];
        var means = BandMean.Of(maps.flatten(2), Band(convolution.weight, columns), convolution.bias!.repeat(columns));
        return means.view(maps.shape[0], columns, -1).MoveToOuterDisposeScope();
    }

    /// <summary>(row of the window x column of the map x channel, column of the result x kernel).</summary>
    private static Tensor Band(Tensor weight, long columns)
    {
        var (kernels, channels, height, width) = (weight.shape[0], weight.shape[1], weight.shape[2], weight.shape[3]);
        var padded = functional.pad(weight, [columns, columns]);
        var bands = stack([.. Enumerable.Range(0, (int)columns).Select(column => padded.narrow(3, (width / 2) + columns - column, columns))], 0);
        return bands.permute(3, 4, 2, 0, 1).reshape(height * columns * channels, columns * kernels);
    }
}

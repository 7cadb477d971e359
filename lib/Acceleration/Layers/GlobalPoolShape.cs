using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>Sizes of <see cref="GlobalPoolConvolution"/> for one sample. All lengths count float32 values.</summary>
/// <param name="Rows">Rows in a map.</param>
/// <param name="Height">Rows in a window.</param>
/// <param name="Inputs">Values in a row of a map: columns x channels.</param>
/// <param name="Outputs">Outputs for each window: columns x kernels.</param>
internal readonly record struct GlobalPoolShape(int Rows, int Height, int Inputs, int Outputs)
{
    /// <summary>The sizes for maps (sample, row, input) and a band (window row x input, output).</summary>
    public static GlobalPoolShape For(Tensor maps, Tensor band) =>
        new((int)maps.shape[1], (int)(band.shape[0] / maps.shape[2]), (int)maps.shape[2], (int)band.shape[1]);

    /// <summary>Values in a map.</summary>
    public int Map => Rows * Inputs;

    /// <summary>Rows padded to whole micro-kernels.</summary>
    public int PaddedRows => PanelGemm.PadRows(Rows);

    /// <summary>Rows of the band padded to whole micro-kernels.</summary>
    public int BandRows => PanelGemm.PadRows(Height * Inputs);

    /// <summary>Rows of zero padding above the first row and below the last.</summary>
    public int Margin => Height / 2;

    /// <summary>Values in a padded map of the given width, including those that micro-kernels read beyond the last row.</summary>
    public int Padded(int width) => PanelGemm.RoundUp(((PaddedRows + Height - 1) * width) + MicroKernel.Rows, Simd512.Count);
}

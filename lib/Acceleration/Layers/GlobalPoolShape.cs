using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>Sizes of <see cref="GlobalPoolConvolution"/>'s work on one sample. All lengths are in float32 values.</summary>
/// <param name="Rows">Rows of a map.</param>
/// <param name="Height">Rows of a window.</param>
/// <param name="Inputs">Values in a row of a map: columns x channels.</param>
/// <param name="Outputs">Values of the result for each window: columns x kernels.</param>
internal readonly record struct GlobalPoolShape(int Rows, int Height, int Inputs, int Outputs)
{
    /// <summary>The shape of maps (sample, row, input) and a band (row of the window x input, output).</summary>
    public static GlobalPoolShape For(Tensor maps, Tensor band) =>
        new((int)maps.shape[1], (int)(band.shape[0] / maps.shape[2]), (int)maps.shape[2], (int)band.shape[1]);

    /// <summary>Values of a map.</summary>
    public int Map => Rows * Inputs;

    /// <summary>Rows padded to whole micro-kernels.</summary>
    public int PaddedRows => PanelGemm.PadRows(Rows);

    /// <summary>Rows of the band padded to whole micro-kernels.</summary>
    public int BandRows => PanelGemm.PadRows(Height * Inputs);

    /// <summary>Rows of zero padding before the first row and after the last.</summary>
    public int Margin => Height / 2;

    /// <summary>Values of a map of some width with its padding; micro-kernels read beyond the last row.</summary>
    public int Padded(int width) => PanelGemm.RoundUp(((PaddedRows + Height - 1) * width) + MicroKernel.Rows, Simd512.Count);
}

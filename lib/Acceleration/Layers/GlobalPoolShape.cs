using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>Sizes of <see cref="GlobalPoolConvolution"/>'s work on one sample. All lengths are in numbers.</summary>
/// <param name="Rows">Of a map.</param>
/// <param name="Height">Rows of a window.</param>
/// <param name="Inputs">Numbers in a row of a map.</param>
/// <param name="Outputs">Numbers that a window becomes.</param>
internal readonly record struct GlobalPoolShape(int Rows, int Height, int Inputs, int Outputs)
{
    /// <summary>The shape of maps (sample, row, input) and a band (row of the window x input, output).</summary>
    public static GlobalPoolShape Of(Tensor maps, Tensor band) => new((int)maps.shape[1], (int)(band.shape[0] / maps.shape[2]), (int)maps.shape[2], (int)band.shape[1]);

    /// <summary>A map.</summary>
    public int Map => Rows * Inputs;

    /// <summary>Rows filled up to whole tiles.</summary>
    public int TileRows => Tiles.Filled(Rows);

    /// <summary>Rows of the band filled up to whole tiles.</summary>
    public int BandRows => Tiles.Filled(Height * Inputs);

    /// <summary>Rows of zeros before the first and behind the last, which the outermost windows see.</summary>
    public int Margin => Height / 2;

    /// <summary>A map of rows of some width between its margins; tiles read on behind the last row that counts.</summary>
    public int Padded(int width) => Tiles.RoundedUp(((TileRows + Height - 1) * width) + MatrixTile.Rows, Lanes512.Count);
}

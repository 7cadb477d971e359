using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Layers;

/// <summary>Sizes of an LSTM layer's work, and where its numbers lie for registers of one width. All lengths are in numbers.</summary>
/// <remarks>
/// Samples are independent of one another through all time steps, so they are cut into slices of a few rows, which threads compute from the first step to the last
/// without waiting for each other. Where products read or write gates, these lie one behind the other without a gap, so that nothing is multiplied in vain; the last
/// register of a gate's units reaches into the next gate and computes there what nobody asks for. What is kept for the way back is filled up to whole registers.
/// </remarks>
/// <param name="Samples">Sequences.</param>
/// <param name="Steps">Time steps of each.</param>
/// <param name="Inputs">Values of a step.</param>
/// <param name="Units">Units of one direction.</param>
/// <param name="Directions">1, or 2 where a second one goes from the last step to the first.</param>
/// <param name="Lanes">Numbers in a register.</param>
/// <param name="TileColumns">Columns of a narrow matrix tile.</param>
internal sealed record LstmShape(int Samples, int Steps, int Inputs, int Units, int Directions, int Lanes, int TileColumns)
{
    /// <summary>Rows of a slice: whole tiles, and so few that what they need of one time step stays in the cache.</summary>
    public const int SliceRows = 4 * MatrixTile.Rows;

    /// <summary>The shape of a layer's work with registers of one width.</summary>
    public static LstmShape For<T>(int samples, int steps, int inputs, int units, int directions)
        where T : struct, ILanes<T> => new(samples, steps, inputs, units, directions, T.Count, MatrixTile.Columns<T>());

    /// <summary>Slices of the samples.</summary>
    public int Slices => (Samples + SliceRows - 1) / SliceRows;

    /// <summary>Pieces of work that need nothing of each other: one a direction and slice.</summary>
    public int Parts => Directions * Slices;

    /// <summary>Units filled up to whole registers: those of cells and outputs.</summary>
    public int PaddedUnits { get; } = Tiles.RoundedUp(Units, Lanes);

    /// <summary>Length of (gate, unit), filled up to whole tiles; gates in libtorch's order: input, forget, cell, output.</summary>
    public int Gates => Tiles.RoundedUp(4 * Units, TileColumns);

    /// <summary>How far the registers of a row of such gates reach.</summary>
    public int GatesReach => (3 * Units) + PaddedUnits;

    /// <summary>Length of (gate, padded unit): as the way back finds them.</summary>
    public int KeptGates => 4 * PaddedUnits;

    /// <summary>What a step multiplies with the weights: [1 | input | output of the step before].</summary>
    public int Factors => 1 + Inputs + Units;

    /// <summary>From one row of such factors to the next: their last units are written as whole registers, and tiles read them as columns.</summary>
    public int FactorsRow => Tiles.RoundedUp(1 + Inputs + PaddedUnits, TileColumns);

    /// <summary>Samples in a slice.</summary>
    public int RowsOf(int slice) => Math.Min(SliceRows, Samples - (slice * SliceRows));

    /// <summary>Where step <paramref name="k"/> of a direction lies in the sequence.</summary>
    public int Time(int direction, int k) => direction == 0 ? k : Steps - 1 - k;
}

using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Layers;

/// <summary>Sizes of an LSTM layer, and its memory layout for registers of one width. All lengths are in float32 values.</summary>
/// <remarks>
/// Samples are independent through all time steps, so they are cut into slices of a few rows, which threads compute from the first step to
/// the last without synchronisation. Where products read or write gates, these are contiguous, so that no padding is multiplied; the last
/// register of a gate's units then reaches into the next gate, whose own values overwrite it. Saved activations are padded to whole
/// registers.
/// </remarks>
/// <param name="Samples">Sequences.</param>
/// <param name="Steps">Time steps of each sequence.</param>
/// <param name="Inputs">Values of a time step.</param>
/// <param name="Units">Units of one direction.</param>
/// <param name="Directions">1, or 2 where a second one goes from the last step to the first.</param>
/// <param name="VectorLength">Float32 values in a register.</param>
/// <param name="MicroKernelColumns">Columns of a <see cref="MicroKernel"/>.</param>
internal sealed record LstmShape(int Samples, int Steps, int Inputs, int Units, int Directions, int VectorLength, int MicroKernelColumns)
{
    /// <summary>Rows of a slice: whole micro-kernels, and so few that the data of one time step stay in the cache.</summary>
    public const int SliceRows = 4 * MicroKernel.Rows;

    /// <summary>A layer's sizes with registers of one width.</summary>
    public static LstmShape For<T>(int samples, int steps, int inputs, int units, int directions)
        where T : struct, ISimdVector<T> => new(samples, steps, inputs, units, directions, T.Count, MicroKernel.Columns<T>());

    /// <summary>Slices of the samples.</summary>
    public int Slices => (Samples + SliceRows - 1) / SliceRows;

    /// <summary>Independent pieces of work: one for each direction and slice.</summary>
    public int Parts => Directions * Slices;

    /// <summary>Units padded to whole registers: the layout of cells and outputs.</summary>
    public int PaddedUnits { get; } = PanelGemm.RoundUp(Units, VectorLength);

    /// <summary>Length of (gate, unit), padded to whole micro-kernels; gates in libtorch's order: input, forget, cell, output.</summary>
    public int Gates => PanelGemm.RoundUp(4 * Units, MicroKernelColumns);

    /// <summary>Length that the registers over a row of contiguous gates reach.</summary>
    public int GatesReach => (3 * Units) + PaddedUnits;

    /// <summary>Length of (gate, padded unit): the layout of the saved gates.</summary>
    public int SavedGates => 4 * PaddedUnits;

    /// <summary>Length of a step's left operand: [1 | input | previous output].</summary>
    public int Operands => 1 + Inputs + Units;

    /// <summary>Row stride of the operands: whole registers are stored, and micro-kernels read whole columns.</summary>
    public int OperandsRow => PanelGemm.RoundUp(1 + Inputs + PaddedUnits, MicroKernelColumns);

    /// <summary>Samples in a slice.</summary>
    public int RowsOf(int slice) => Math.Min(SliceRows, Samples - (slice * SliceRows));

    /// <summary>The time index of a direction's step <paramref name="k"/>.</summary>
    public int Time(int direction, int k) => direction == 0 ? k : Steps - 1 - k;
}

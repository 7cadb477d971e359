using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.Layers;

/// <summary>Sizes of an LSTM layer, and its memory layout for SIMD vectors of one width. All lengths count float32 values.</summary>
/// <remarks>
/// Samples are independent through all time steps. They are therefore divided into slices of a few rows, each of which one thread computes
/// from the first step to the last without synchronisation. Gates that are operands or results of a matrix product are contiguous, so that
/// no padding is multiplied; the last register of a gate then reaches into the next gate, whose own values overwrite it. Saved activations
/// are padded to whole registers.
/// </remarks>
/// <param name="Samples">Sequences.</param>
/// <param name="Steps">Time steps in each sequence.</param>
/// <param name="Inputs">Values in a time step.</param>
/// <param name="Units">Units in one direction.</param>
/// <param name="Directions">1, or 2 for a bidirectional layer.</param>
/// <param name="VectorLength">Float32 values in a register.</param>
/// <param name="MicroKernelColumns">Columns of the <see cref="MicroKernel"/>.</param>
internal sealed record LstmShape(int Samples, int Steps, int Inputs, int Units, int Directions, int VectorLength, int MicroKernelColumns)
{
    /// <summary>Rows in a slice: whole micro-kernels, and few enough for the data of one time step to stay in the cache.</summary>
    public const int SliceRows = 4 * MicroKernel.Rows;

    /// <summary>The sizes of a layer for SIMD vectors of one width.</summary>
    public static LstmShape For<T>(int samples, int steps, int inputs, int units, int directions)
        where T : struct, ISimdVector<T> => new(samples, steps, inputs, units, directions, T.Count, MicroKernel.Columns<T>());

    /// <summary>Number of slices.</summary>
    public int Slices => (Samples + SliceRows - 1) / SliceRows;

    /// <summary>Number of independent parts: one for each direction and slice.</summary>
    public int Parts => Directions * Slices;

    /// <summary>Units padded to whole registers: the layout of cell states and outputs.</summary>
    public int PaddedUnits { get; } = PanelGemm.RoundUp(Units, VectorLength);

    /// <summary>Length of (gate, unit), padded to whole micro-kernels; gates in libtorch's order: input, forget, cell, output.</summary>
    public int Gates => PanelGemm.RoundUp(4 * Units, MicroKernelColumns);

    /// <summary>Length that whole registers cover in a row of contiguous gates.</summary>
    public int GatesReach => (3 * Units) + PaddedUnits;

    /// <summary>Length of (gate, padded unit): the layout of the saved gates.</summary>
    public int SavedGates => 4 * PaddedUnits;

    /// <summary>Length of the left operand of a step: [1 | input | previous output].</summary>
    public int Operands => 1 + Inputs + Units;

    /// <summary>Row stride of the operands: whole registers are stored, and whole micro-kernels read.</summary>
    public int OperandsRow => PanelGemm.RoundUp(1 + Inputs + PaddedUnits, MicroKernelColumns);

    /// <summary>Number of samples in a slice.</summary>
    public int RowsOf(int slice) => Math.Min(SliceRows, Samples - (slice * SliceRows));

    /// <summary>The time index of step <paramref name="k"/> of a direction.</summary>
    public int Time(int direction, int k) => direction == 0 ? k : Steps - 1 - k;
}

using DeviceId.Acceleration.MatrixMultiply;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>An LSTM layer's work as it goes on: all that the way back needs, or of a single step where there is no way back.</summary>
/// <param name="Factors">(part, step, row of the slice, [1 | input | output of the step before]): as many rows a step as there are samples, at the end of a part some are free.</param>
/// <param name="Gates">(part, step, row, [input | forget | cell | output] x padded unit), after their functions.</param>
/// <param name="Cells">(part, step, row, padded unit): the cells before a step, so that those after it lie one step further on.</param>
/// <param name="StepsKept">Whether every step has a place of its own.</param>
internal readonly record struct LstmTrace(Tensor Factors, Tensor Gates, Tensor Cells, bool StepsKept)
{
    /// <summary>Room for a layer's work. What rows beyond the samples hold is never mixed with what counts.</summary>
    /// <param name="shape">The work.</param>
    /// <param name="stepsKept">Whether there is a way back.</param>
    public static LstmTrace For(LstmShape shape, bool stepsKept)
    {
        // The last step, too, writes its outputs and cells where the next would look for them.
        Tensor Room(int width) => Buffers.Empty(shape.Parts, stepsKept ? shape.Steps + 1 : 1, LstmShape.SliceRows, width);
        return new LstmTrace(Room(shape.FactorsRow), Room(shape.KeptGates), Room(shape.PaddedUnits), stepsKept);
    }

    /// <summary>Bytes of the largest block, there and back.</summary>
    public static long LargestBytes(LstmShape shape) =>
        sizeof(float) * shape.Parts * Math.Max((long)(shape.Steps + 1) * LstmShape.SliceRows * Math.Max(shape.KeptGates, shape.FactorsRow), (long)Tiles.Filled(4 * shape.Units) * shape.FactorsRow);

    /// <summary>One part's numbers of one step, a row of <paramref name="width"/> for each sample of the slice, and as many as a whole slice has.</summary>
    public Span<float> At(Span<float> all, LstmShape shape, int part, int step, int width) => From(all, shape, part, step, width)[..(LstmShape.SliceRows * width)];

    /// <summary>One part's numbers from a step on, steps and their rows without a gap.</summary>
    public Span<float> From(Span<float> all, LstmShape shape, int part, int step, int width)
    {
        var rows = LstmShape.SliceRows * width;
        return all[(StepsKept ? (part * (shape.Steps + 1) * rows) + (step * shape.RowsOf(part % shape.Slices) * width) : part * rows)..];
    }
}

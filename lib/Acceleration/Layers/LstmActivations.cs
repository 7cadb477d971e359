using DeviceId.Acceleration.MatrixMultiply;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>Activations of an LSTM layer: of all time steps if a backward pass follows, otherwise of the current one only.</summary>
/// <param name="Operands">(part, step, row in the slice, [1 | input | previous output]); the end of a part may be unused.</param>
/// <param name="Gates">(part, step, row, [input | forget | cell | output] x padded unit), after sigmoid and tanh.</param>
/// <param name="Cells">(part, step, row, padded unit): the cell state before a step; the state after it is the next step's.</param>
/// <param name="SavesActivations">Whether the activations of every step are saved for the backward pass.</param>
internal readonly record struct LstmActivations(Tensor Operands, Tensor Gates, Tensor Cells, bool SavesActivations)
{
    /// <summary>Allocates the activations. Rows beyond the samples hold arbitrary values that do not affect any result.</summary>
    /// <param name="shape">The layer's sizes.</param>
    /// <param name="savesActivations">Whether a backward pass follows.</param>
    public static LstmActivations For(LstmShape shape, bool savesActivations)
    {
        // One step more, where the last step writes its outputs and cell states.
        Tensor Block(int width) => Buffers.Empty(shape.Parts, savesActivations ? shape.Steps + 1 : 1, LstmShape.SliceRows, width);
        return new LstmActivations(Block(shape.OperandsRow), Block(shape.SavedGates), Block(shape.PaddedUnits), savesActivations);
    }

    /// <summary>Size in bytes of the largest buffer of the forward and backward pass.</summary>
    public static long MaxBytes(LstmShape shape)
    {
        var activations = (long)(shape.Steps + 1) * LstmShape.SliceRows * Math.Max(shape.SavedGates, shape.OperandsRow);
        return sizeof(float) * shape.Parts * Math.Max(activations, (long)PanelGemm.PadRows(4 * shape.Units) * shape.OperandsRow);
    }

    /// <summary>One part's values of one step (row, <paramref name="width"/>), with all rows of a full slice.</summary>
    public Span<float> At(Span<float> all, LstmShape shape, int part, int step, int width) =>
        From(all, shape, part, step, width)[..(LstmShape.SliceRows * width)];

    /// <summary>One part's values from a step onwards (step, row, <paramref name="width"/>), contiguous.</summary>
    public Span<float> From(Span<float> all, LstmShape shape, int part, int step, int width)
    {
        var rows = LstmShape.SliceRows * width;
        var first = SavesActivations ? (part * (shape.Steps + 1) * rows) + (step * shape.RowsOf(part % shape.Slices) * width) : part * rows;
        return all[first..];
    }
}

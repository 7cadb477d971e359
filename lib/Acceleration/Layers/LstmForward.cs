using System.Runtime.CompilerServices;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>The forward pass of an LSTM layer, with SIMD vectors of one width.</summary>
/// <remarks>
/// S. Hochreiter, J. Schmidhuber, Neural Computation 9(8), 1997, with forget gates:
/// i, f, o = sigmoid and g = tanh of W [1 | x | h]; c = f c + i g; h = o tanh(c).
/// </remarks>
/// <typeparam name="T">The SIMD vector type.</typeparam>
internal static class LstmForward<T>
    where T : struct, ISimdVector<T>
{
    /// <summary>Runs all steps on several threads. A sample's result depends neither on the other samples nor on threads.</summary>
    /// <param name="shape">The layer's sizes.</param>
    /// <param name="input">(sample, step, input).</param>
    /// <param name="weights">For each direction a tensor from <see cref="Pack"/>.</param>
    /// <param name="activations">Filled.</param>
    /// <param name="output">(sample, step, direction x unit): filled.</param>
    public static void Run(LstmShape shape, Tensor input, IReadOnlyList<Tensor> weights, LstmActivations activations, Tensor output) =>
        ParallelLoops.For(shape.Parts, part => ForwardPart(shape, part, input, weights, activations, output), ParallelLoops.Threads);

    /// <summary>Packs the weights of one direction (panel, operand, column in the panel); columns are (gate, unit).</summary>
    /// <param name="shape">The layer's sizes.</param>
    /// <param name="parameters">libtorch's: W_ih (gate x unit, input), W_hh (gate x unit, unit), b_ih and b_hh (gate x unit).</param>
    public static Tensor Pack(LstmShape shape, IReadOnlyList<Tensor> parameters)
    {
        var packed = Buffers.Zeros(shape.Gates, shape.Operands);
        var to = packed.FloatSpan();
        var inputWeights = parameters[0].FloatSpan();
        var recurrentWeights = parameters[1].FloatSpan();
        var bias = parameters[2].FloatSpan();
        var secondBias = parameters[3].FloatSpan();
        for (var row = 0; row < 4 * shape.Units; row++)
        {
            var (first, width) = PanelGemm.Panel<T>(row, shape.Gates);
            var panel = to[((first * shape.Operands) + row - first)..];
            panel[0] = bias[row] + secondBias[row];
            for (var i = 0; i < shape.Inputs; i++)
                panel[(1 + i) * width] = inputWeights[(row * shape.Inputs) + i];
            for (var j = 0; j < shape.Units; j++)
                panel[(1 + shape.Inputs + j) * width] = recurrentWeights[(row * shape.Units) + j];
        }

        return packed;
    }

    private static void ForwardPart(
        LstmShape shape, int part, Tensor input, IReadOnlyList<Tensor> weights, LstmActivations activations, Tensor output)
    {
        var (direction, slice) = (part / shape.Slices, part % shape.Slices);
        var (first, rows) = (slice * LstmShape.SliceRows, shape.RowsOf(slice));
        var from = input.FloatSpan();
        var to = output.FloatSpan();
        var packed = weights[direction].FloatSpan();
        var allOperands = activations.Operands.FloatSpan();
        var allGates = activations.Gates.FloatSpan();
        var allCells = activations.Cells.FloatSpan();
        activations.At(allCells, shape, part, 0, shape.PaddedUnits).Clear();
        activations.At(allOperands, shape, part, 0, shape.OperandsRow).Clear();
        // One register more, as the loads in the last row reach beyond its end.
        using var workspace = Buffers.Zeros((LstmShape.SliceRows * shape.Gates) + Simd512.Count);
        var preActivations = workspace.FloatSpan();
        // Micro-kernels of the backward pass multiply the padding too. It does not affect the result, but denormal values would be slow.
        var padding = shape.OperandsRow - shape.PaddedUnits - shape.Inputs - 1;
        for (var k = 0; k < shape.Steps; k++)
        {
            var time = shape.Time(direction, k);
            var operands = activations.At(allOperands, shape, part, k, shape.OperandsRow);
            var gates = activations.At(allGates, shape, part, k, shape.SavedGates);
            var previousCell = activations.At(allCells, shape, part, k, shape.PaddedUnits);
            var nextCell = activations.At(allCells, shape, part, k + 1, shape.PaddedUnits);
            var nextOperands = activations.At(allOperands, shape, part, k + 1, shape.OperandsRow);
            for (var row = 0; row < rows; row++)
            {
                operands[row * shape.OperandsRow] = 1;
                var x = from.Slice((((first + row) * shape.Steps) + time) * shape.Inputs, shape.Inputs);
                x.CopyTo(operands[((row * shape.OperandsRow) + 1)..]);
                operands.Slice(((row + 1) * shape.OperandsRow) - padding, padding).Clear();
            }

            PanelGemm.Multiply<T>(
                operands, shape.OperandsRow, 1, packed, shape.Operands, preActivations, shape.Gates, rows, shape.Gates, overwrite: true,
                gates);
            for (var row = 0; row < rows; row++)
            {
                var hidden = nextOperands.Slice((row * shape.OperandsRow) + 1 + shape.Inputs, shape.PaddedUnits);
                Cell(ref preActivations[row * shape.Gates], ref gates[row * shape.SavedGates], ref previousCell[row * shape.PaddedUnits],
                    ref nextCell[row * shape.PaddedUnits], ref hidden[0], shape.Units, shape.PaddedUnits);
                hidden[..shape.Units].CopyTo(to[(((((first + row) * shape.Steps) + time) * shape.Directions + direction) * shape.Units)..]);
            }
        }
    }

    /// <summary>Computes gates, cell state and output of one sample from the gate pre-activations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Cell(
        ref float preActivations, ref float gates, ref float previousCell, ref float nextCell, ref float output, nint units, nint padded)
    {
        for (nint u = 0; u < units; u += T.Count)
        {
            ref var from = ref Unsafe.Add(ref preActivations, u);
            ref var to = ref Unsafe.Add(ref gates, u);
            var inputGate = SimdMath.Sigmoid(T.Load(ref from));
            var forgetGate = SimdMath.Sigmoid(T.Load(ref Unsafe.Add(ref from, units)));
            var candidate = SimdMath.Tanh(T.Load(ref Unsafe.Add(ref from, 2 * units)));
            var outputGate = SimdMath.Sigmoid(T.Load(ref Unsafe.Add(ref from, 3 * units)));
            var cell = T.MultiplyAdd(forgetGate, T.Load(ref Unsafe.Add(ref previousCell, u)), inputGate * candidate);
            T.Store(inputGate, ref to);
            T.Store(forgetGate, ref Unsafe.Add(ref to, padded));
            T.Store(candidate, ref Unsafe.Add(ref to, 2 * padded));
            T.Store(outputGate, ref Unsafe.Add(ref to, 3 * padded));
            T.Store(cell, ref Unsafe.Add(ref nextCell, u));
            T.Store(outputGate * SimdMath.Tanh(cell), ref Unsafe.Add(ref output, u));
        }
    }
}

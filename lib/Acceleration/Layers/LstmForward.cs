using System.Runtime.CompilerServices;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Layers;

/// <summary>An LSTM layer forward, with registers of one width.</summary>
/// <remarks>
/// S. Hochreiter, J. Schmidhuber, Neural Computation 9(8), 1997, with forget gates:
/// i, f, o = sigmoid and g = tanh of W [1 | x | h]; c = f c + i g; h = o tanh(c).
/// </remarks>
/// <typeparam name="T">The registers.</typeparam>
internal static class LstmForward<T>
    where T : struct, ILanes<T>
{
    /// <summary>All steps of all samples, on as many threads as libtorch has; a sample's numbers do not depend on the others or on the threads.</summary>
    /// <param name="shape">The work.</param>
    /// <param name="input">(sample, step, input).</param>
    /// <param name="weights">One direction after the other, from <see cref="Pack"/>.</param>
    /// <param name="trace">Room for the work.</param>
    /// <param name="output">(sample, step, direction x unit): filled.</param>
    public static void Run(LstmShape shape, Tensor input, IReadOnlyList<Tensor> weights, LstmTrace trace, Tensor output) =>
        Workers.Share(shape.Parts, part => Part(shape, part, input, weights, trace, output), Workers.Threads);

    /// <summary>Weights of one direction as tiles want them: (panel of columns, factor, column of the panel); columns are (gate, unit).</summary>
    /// <param name="shape">The work.</param>
    /// <param name="parameters">libtorch's: by input (gate x unit, input), by the output before (gate x unit, unit), two biases (gate x unit).</param>
    public static Tensor Pack(LstmShape shape, IReadOnlyList<Tensor> parameters)
    {
        var packed = Buffers.Zeros(shape.Gates, shape.Factors);
        var to = packed.Floats();
        var byInput = parameters[0].Floats();
        var byOutput = parameters[1].Floats();
        var bias = parameters[2].Floats();
        var secondBias = parameters[3].Floats();
        for (var row = 0; row < 4 * shape.Units; row++)
        {
            var (first, width) = Tiles.Panel<T>(row, shape.Gates);
            var panel = to[((first * shape.Factors) + row - first)..];
            panel[0] = bias[row] + secondBias[row];
            for (var i = 0; i < shape.Inputs; i++)
                panel[(1 + i) * width] = byInput[(row * shape.Inputs) + i];
            for (var j = 0; j < shape.Units; j++)
                panel[(1 + shape.Inputs + j) * width] = byOutput[(row * shape.Units) + j];
        }

        return packed;
    }

    private static void Part(LstmShape shape, int part, Tensor input, IReadOnlyList<Tensor> weights, LstmTrace trace, Tensor output)
    {
        var (direction, slice) = (part / shape.Slices, part % shape.Slices);
        var (first, rows) = (slice * LstmShape.SliceRows, shape.RowsOf(slice));
        var from = input.Floats();
        var to = output.Floats();
        var packed = weights[direction].Floats();
        var allFactors = trace.Factors.Floats();
        var allGates = trace.Gates.Floats();
        var allCells = trace.Cells.Floats();
        trace.At(allCells, shape, part, 0, shape.PaddedUnits).Clear();
        trace.At(allFactors, shape, part, 0, shape.FactorsRow).Clear();
        // Behind the last row a register reads on.
        using var room = Buffers.Zeros((LstmShape.SliceRows * shape.Gates) + Lanes512.Count);
        var given = room.Floats();
        // Tiles of the way back multiply these too, for nobody: but they must be numbers that a processor multiplies at once.
        var unused = shape.FactorsRow - shape.PaddedUnits - shape.Inputs - 1;
        for (var k = 0; k < shape.Steps; k++)
        {
            var time = shape.Time(direction, k);
            var factors = trace.At(allFactors, shape, part, k, shape.FactorsRow);
            var gates = trace.At(allGates, shape, part, k, shape.KeptGates);
            var before = trace.At(allCells, shape, part, k, shape.PaddedUnits);
            var after = trace.At(allCells, shape, part, k + 1, shape.PaddedUnits);
            var next = trace.At(allFactors, shape, part, k + 1, shape.FactorsRow);
            for (var row = 0; row < rows; row++)
            {
                factors[row * shape.FactorsRow] = 1;
                from.Slice((((first + row) * shape.Steps) + time) * shape.Inputs, shape.Inputs).CopyTo(factors[((row * shape.FactorsRow) + 1)..]);
                factors.Slice(((row + 1) * shape.FactorsRow) - unused, unused).Clear();
            }

            Tiles.Multiply<T>(factors, shape.FactorsRow, 1, packed, shape.Factors, given, shape.Gates, rows, shape.Gates, fresh: true, soon: gates);
            for (var row = 0; row < rows; row++)
            {
                var made = next.Slice((row * shape.FactorsRow) + 1 + shape.Inputs, shape.PaddedUnits);
                Cell(ref given[row * shape.Gates], ref gates[row * shape.KeptGates], ref before[row * shape.PaddedUnits], ref after[row * shape.PaddedUnits], ref made[0], shape.Units, shape.PaddedUnits);
                made[..shape.Units].CopyTo(to[(((((first + row) * shape.Steps) + time) * shape.Directions + direction) * shape.Units)..]);
            }
        }
    }

    /// <summary>The gates' functions, cells and outputs of one sample, from what the gates are given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Cell(ref float given, ref float gates, ref float before, ref float after, ref float output, nint units, nint padded)
    {
        for (nint u = 0; u < units; u += T.Count)
        {
            ref var from = ref Unsafe.Add(ref given, u);
            ref var to = ref Unsafe.Add(ref gates, u);
            var (inputGate, forgetGate) = (LanesMath.Sigmoid(T.Load(ref from)), LanesMath.Sigmoid(T.Load(ref Unsafe.Add(ref from, units))));
            var (candidate, outputGate) = (LanesMath.Tanh(T.Load(ref Unsafe.Add(ref from, 2 * units))), LanesMath.Sigmoid(T.Load(ref Unsafe.Add(ref from, 3 * units))));
            var cell = T.MultiplyAdd(forgetGate, T.Load(ref Unsafe.Add(ref before, u)), inputGate * candidate);
            T.Store(inputGate, ref to);
            T.Store(forgetGate, ref Unsafe.Add(ref to, padded));
            T.Store(candidate, ref Unsafe.Add(ref to, 2 * padded));
            T.Store(outputGate, ref Unsafe.Add(ref to, 3 * padded));
            T.Store(cell, ref Unsafe.Add(ref after, u));
            T.Store(outputGate * LanesMath.Tanh(cell), ref Unsafe.Add(ref output, u));
        }
    }
}

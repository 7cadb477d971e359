using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace DeviceId.Acceleration.Layers;

/// <summary>The backward pass of an LSTM layer (back-propagation through time), with SIMD vectors of one width.</summary>
/// <typeparam name="T">The SIMD vector type.</typeparam>
internal static class LstmBackward<T>
    where T : struct, ISimdVector<T>
{
    // Steps x samples in one product for the weight gradients: gate gradients and operands of a chunk stay in the L2 cache.
    private const int ChunkRows = 128;

    /// <summary>Computes the gradients of the loss with respect to the parameters and, if required, the input.</summary>
    /// <param name="shape">The layer's sizes.</param>
    /// <param name="parameters">For each direction the parameters as in <see cref="LstmForward{T}.Pack"/>.</param>
    /// <param name="activations">Saved activations of every step.</param>
    /// <param name="gradOutput">Gradient with respect to the output (sample, step, direction x unit).</param>
    /// <param name="gradInput">(direction, sample, step, input): filled; null if not required.</param>
    /// <returns>For each direction the gradients with respect to its parameters, in their order and shapes.</returns>
    public static IReadOnlyList<IReadOnlyList<Tensor>> Run(
        LstmShape shape, IReadOnlyList<IReadOnlyList<Tensor>> parameters, LstmActivations activations, Tensor gradOutput, Tensor? gradInput)
    {
        using var scope = NewDisposeScope();
        var weights = parameters.Select(p => Pack(shape, p, gradInput is not null)).ToList();
        var gradWeights = Buffers.Empty(shape.Parts, Rows(shape), Columns(shape));
        void Backward(int part) =>
            BackwardPart(shape, part, weights[part / shape.Slices], activations, gradOutput, gradInput, gradWeights);
        ParallelLoops.For(shape.Parts, Backward, ParallelLoops.Threads);
        var gradParameters = parameters
            .Select(p => p.Select(parameter => empty_like(parameter).MoveToOuterDisposeScope()).ToList()).ToList();
        var directionLength = shape.Slices * Rows(shape) * Columns(shape);
        void SumDirection(int direction) =>
            SumSlices(shape, gradWeights.FloatSpan(direction, directionLength), gradParameters[direction]);
        ParallelLoops.For(shape.Directions, SumDirection, ParallelLoops.Threads);
        return gradParameters;
    }

    /// <summary>
    /// Row stride of the gate gradients: one cache line more than the vector stores need. The sums over rows read a few values of each row;
    /// rows a power of two apart would evict one another from the cache.
    /// </summary>
    private static int GradGatesRow(LstmShape shape) => PanelGemm.RoundUp(shape.GatesReach, Simd512.Count) + Simd512.Count;

    private static int Rows(LstmShape shape) => PanelGemm.PadRows(4 * shape.Units);

    private static int Columns(LstmShape shape) => PanelGemm.RoundUp(shape.Operands, shape.MicroKernelColumns);

    private static int GradOperandColumns(LstmShape shape, bool withInput) =>
        PanelGemm.RoundUp(shape.Units + (withInput ? shape.Inputs : 0), shape.MicroKernelColumns);

    /// <summary>Packs the transposed weights (panel, gate x unit, column in the panel); columns are [previous output | input].</summary>
    private static Tensor Pack(LstmShape shape, IReadOnlyList<Tensor> parameters, bool withInput)
    {
        var (inner, columns) = (4 * shape.Units, GradOperandColumns(shape, withInput));
        var packed = Buffers.Zeros(columns, inner);
        var to = packed.FloatSpan();
        var inputWeights = parameters[0].FloatSpan();
        var recurrentWeights = parameters[1].FloatSpan();
        var row = new float[shape.Units + (withInput ? shape.Inputs : 0)];
        for (var gate = 0; gate < inner; gate++)
        {
            recurrentWeights.Slice(gate * shape.Units, shape.Units).CopyTo(row);
            if (withInput)
                inputWeights.Slice(gate * shape.Inputs, shape.Inputs).CopyTo(row.AsSpan(shape.Units));
            PanelGemm.Pack<T>(row, gate, inner, columns, to);
        }

        return packed;
    }

    /// <summary>The backward pass of one part, in chunks of steps from the last to the first.</summary>
    private static void BackwardPart(
        LstmShape shape, int part, Tensor weights, LstmActivations activations, Tensor gradOutput, Tensor? gradInput, Tensor gradWeights)
    {
        var (rows, units) = (shape.RowsOf(part % shape.Slices), shape.PaddedUnits);
        var (columns, chunk) = (GradOperandColumns(shape, gradInput is not null), Math.Max(1, ChunkRows / rows));
        // Micro-kernels read whole blocks: the extra rows do not affect any result.
        using var gradGates = Buffers.Empty(((chunk * rows) + MicroKernel.Rows + 1) * GradGatesRow(shape));
        using var workspace = Buffers.Zeros(LstmShape.SliceRows * (columns + units + units));
        var sums = gradWeights.FloatSpan(part, Rows(shape) * Columns(shape));
        for (var last = shape.Steps; last > 0; last -= chunk)
        {
            var first = Math.Max(0, last - chunk);
            ThroughTime(
                shape, part, first, last, weights.FloatSpan(), activations, gradOutput.FloatSpan(),
                gradInput is null ? [] : gradInput.FloatSpan(), workspace.FloatSpan(), gradGates.FloatSpan());
            AddGradWeights(
                shape, part, first, (last - first) * rows, activations, gradGates.FloatSpan(), sums, overwrite: last == shape.Steps);
        }
    }

    /// <summary>
    /// Goes backwards through the steps of one chunk; fills gradGates with the gradients with respect to the gate pre-activations
    /// (step, row, gate x unit).
    /// </summary>
    private static void ThroughTime(
        LstmShape shape, int part, int firstStep, int endStep, Span<float> weights, LstmActivations activations, Span<float> gradOutput,
        Span<float> gradInput, Span<float> workspace, Span<float> gradGates)
    {
        var (direction, slice, units, gradGatesRow) = (part / shape.Slices, part % shape.Slices, shape.PaddedUnits, GradGatesRow(shape));
        var (first, rows, columns) = (slice * LstmShape.SliceRows, shape.RowsOf(slice), GradOperandColumns(shape, gradInput.Length > 0));
        var gradOperands = workspace[..(LstmShape.SliceRows * columns)];
        var gradHidden = workspace.Slice(gradOperands.Length, LstmShape.SliceRows * units);
        var gradCell = workspace[(gradOperands.Length + gradHidden.Length)..];
        var allGates = activations.Gates.FloatSpan();
        var allCells = activations.Cells.FloatSpan();
        for (var k = endStep - 1; k >= firstStep; k--)
        {
            var time = shape.Time(direction, k);
            var gates = activations.At(allGates, shape, part, k, shape.SavedGates);
            var previousCell = activations.At(allCells, shape, part, k, units);
            var nextCell = activations.At(allCells, shape, part, k + 1, units);
            var gradGatesStep = gradGates[((k - firstStep) * rows * gradGatesRow)..];
            for (var row = 0; row < rows; row++)
            {
                // After the last step there is no gradient yet: gradOperands is still zero.
                var output = ((((first + row) * shape.Steps) + time) * shape.Directions + direction) * shape.Units;
                TensorPrimitives.Add(
                    gradOutput.Slice(output, shape.Units), gradOperands.Slice(row * columns, shape.Units), gradHidden[(row * units)..]);
                Cell(
                    ref gates[row * shape.SavedGates], ref previousCell[row * units], ref nextCell[row * units],
                    ref gradHidden[row * units], ref gradCell[row * units], ref gradGatesStep[row * gradGatesRow], shape.Units, units);
            }

            // The activations of the previous step are no longer in the cache.
            if (k > 0)
                CacheHint.Prefetch(activations.At(allCells, shape, part, k - 1, units));
            var prefetch = k > 0 ? activations.At(allGates, shape, part, k - 1, shape.SavedGates) : [];
            PanelGemm.Multiply<T>(
                gradGatesStep, gradGatesRow, 1, weights, 4 * shape.Units, gradOperands, columns, rows, columns, overwrite: true, prefetch);
            for (var row = 0; row < rows && gradInput.Length > 0; row++)
            {
                var at = ((((direction * shape.Samples) + first + row) * shape.Steps) + time) * shape.Inputs;
                gradOperands.Slice((row * columns) + shape.Units, shape.Inputs).CopyTo(gradInput[at..]);
            }
        }
    }

    /// <summary>gradWeights += gradGatesᵀ operands, over <paramref name="count"/> rows from step <paramref name="k"/> onwards.</summary>
    private static void AddGradWeights(
        LstmShape shape, int part, int k, int count, LstmActivations activations, Span<float> gradGates, Span<float> gradWeights,
        bool overwrite)
    {
        var columns = Columns(shape);
        var operands = activations.From(activations.Operands.FloatSpan(), shape, part, k, shape.OperandsRow);
        PanelGemm.MultiplyRows<T>(
            gradGates, 1, GradGatesRow(shape), operands, shape.OperandsRow, count, gradWeights, columns, 4 * shape.Units, columns,
            overwrite);
    }

    /// <summary>Sums the gradients of one direction over slices, in their order: bit-identical for any number of threads.</summary>
    private static void SumSlices(LstmShape shape, Span<float> slices, IReadOnlyList<Tensor> gradParameters)
    {
        var gradInputWeights = gradParameters[0].FloatSpan();
        var gradRecurrentWeights = gradParameters[1].FloatSpan();
        var gradBias = gradParameters[2].FloatSpan();
        var (sum, columns) = (new float[shape.Operands], Columns(shape));
        for (var row = 0; row < 4 * shape.Units; row++)
        {
            var at = row * columns;
            slices.Slice(at, sum.Length).CopyTo(sum);
            for (var slice = 1; slice < shape.Slices; slice++)
                TensorPrimitives.Add(sum, slices.Slice((slice * Rows(shape) * columns) + at, sum.Length), sum);
            gradBias[row] = sum[0];
            sum.AsSpan(1, shape.Inputs).CopyTo(gradInputWeights[(row * shape.Inputs)..]);
            sum.AsSpan(1 + shape.Inputs).CopyTo(gradRecurrentWeights[(row * shape.Units)..]);
        }

        gradBias.CopyTo(gradParameters[3].FloatSpan());
    }

    /// <summary>One sample of one step: from gradients of output and cell to gradients of pre-activations and previous cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Cell(
        ref float gates, ref float previousCell, ref float nextCell, ref float gradHidden, ref float gradCell, ref float gradGates,
        nint units, nint padded)
    {
        var one = T.Broadcast(1);
        // From the last register to the first: values stored beyond the units of a gate are overwritten by those of the next gate.
        for (var u = (units - 1) / T.Count * T.Count; u >= 0; u -= T.Count)
        {
            ref var from = ref Unsafe.Add(ref gates, u);
            ref var to = ref Unsafe.Add(ref gradGates, u);
            var (i, f) = (T.Load(ref from), T.Load(ref Unsafe.Add(ref from, padded)));
            var (g, o) = (T.Load(ref Unsafe.Add(ref from, 2 * padded)), T.Load(ref Unsafe.Add(ref from, 3 * padded)));
            var cell = SimdMath.Tanh(T.Load(ref Unsafe.Add(ref nextCell, u)));
            var output = T.Load(ref Unsafe.Add(ref gradHidden, u));
            var gradState = T.MultiplyAdd(output * o, one - (cell * cell), T.Load(ref Unsafe.Add(ref gradCell, u)));
            T.Store(gradState * g * i * (one - i), ref to);
            T.Store(gradState * T.Load(ref Unsafe.Add(ref previousCell, u)) * f * (one - f), ref Unsafe.Add(ref to, units));
            T.Store(gradState * i * (one - (g * g)), ref Unsafe.Add(ref to, 2 * units));
            T.Store(output * cell * o * (one - o), ref Unsafe.Add(ref to, 3 * units));
            T.Store(gradState * f, ref Unsafe.Add(ref gradCell, u));
        }
    }
}

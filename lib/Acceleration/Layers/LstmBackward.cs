using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace DeviceId.Acceleration.Layers;

/// <summary>The slopes of an LSTM layer (back-propagation through time), with registers of one width.</summary>
/// <typeparam name="T">The registers.</typeparam>
internal static class LstmBackward<T>
    where T : struct, ILanes<T>
{
    // Steps times samples whose slopes are multiplied with their factors at once: with the factors' panels they stay in the second-level cache.
    private const int ChunkRows = 128;

    /// <summary>Slopes by the weights, and by the input where it is asked for.</summary>
    /// <param name="shape">The work.</param>
    /// <param name="parameters">Those of <see cref="LstmForward{T}.Pack"/>, one direction after the other.</param>
    /// <param name="trace">The way there, every step kept.</param>
    /// <param name="slope">By the output: (sample, step, direction x unit).</param>
    /// <param name="byInput">(direction, sample, step, input): filled; null where nobody asks.</param>
    /// <returns>Of each direction by its parameters, in their order and shapes.</returns>
    public static IReadOnlyList<IReadOnlyList<Tensor>> Run(LstmShape shape, IReadOnlyList<IReadOnlyList<Tensor>> parameters, LstmTrace trace, Tensor slope, Tensor? byInput)
    {
        using var scope = NewDisposeScope();
        var weights = parameters.Select(p => Pack(shape, p, byInput is not null)).ToList();
        var byWeight = Buffers.Empty(shape.Parts, Rows(shape), Columns(shape));
        Workers.Share(shape.Parts, part => Part(shape, part, weights[part / shape.Slices], trace, slope, byInput, byWeight), Workers.Threads);
        var slopes = parameters.Select(p => p.Select(parameter => empty_like(parameter).MoveToOuterDisposeScope()).ToList()).ToList();
        Workers.Share(shape.Directions, direction => Sum(shape, byWeight.Floats(direction, shape.Slices * Rows(shape) * Columns(shape)), slopes[direction]), Workers.Threads);
        return slopes;
    }

    /// <summary>
    /// From one row of slopes to the next: a cache line more than registers reach. The sums over rows read a few numbers of each row, and rows whole powers of two apart
    /// would push one another out of the cache (measured: a sixth of the way back).
    /// </summary>
    private static int SlopesRow(LstmShape shape) => Tiles.RoundedUp(shape.GatesReach, Lanes512.Count) + Lanes512.Count;

    private static int Rows(LstmShape shape) => Tiles.Filled(4 * shape.Units);

    private static int Columns(LstmShape shape) => Tiles.RoundedUp(shape.Factors, shape.TileColumns);

    private static int BackColumns(LstmShape shape, bool withInput) => Tiles.RoundedUp(shape.Units + (withInput ? shape.Inputs : 0), shape.TileColumns);

    /// <summary>Weights the other way round: (panel of columns, gate x unit, column of the panel); columns are [output before | input].</summary>
    private static Tensor Pack(LstmShape shape, IReadOnlyList<Tensor> parameters, bool withInput)
    {
        var (steps, columns) = (4 * shape.Units, BackColumns(shape, withInput));
        var packed = Buffers.Zeros(columns, steps);
        var to = packed.Floats();
        var byInput = parameters[0].Floats();
        var byOutput = parameters[1].Floats();
        var row = new float[shape.Units + (withInput ? shape.Inputs : 0)];
        for (var gate = 0; gate < steps; gate++)
        {
            byOutput.Slice(gate * shape.Units, shape.Units).CopyTo(row);
            if (withInput)
                byInput.Slice(gate * shape.Inputs, shape.Inputs).CopyTo(row.AsSpan(shape.Units));
            Tiles.Pack<T>(row, gate, steps, columns, to);
        }

        return packed;
    }

    /// <summary>From the last step to the first, a chunk of steps at a time: what they leave is still in the cache when the sums by the weights need it.</summary>
    private static void Part(LstmShape shape, int part, Tensor weights, LstmTrace trace, Tensor slope, Tensor? byInput, Tensor byWeight)
    {
        var (rows, units) = (shape.RowsOf(part % shape.Slices), shape.PaddedUnits);
        var (columns, together) = (BackColumns(shape, byInput is not null), Math.Max(1, ChunkRows / rows));
        // Tiles read whole: some rows more than there are, which come to nothing.
        using var slopes = Buffers.Empty(((together * rows) + MatrixTile.Rows + 1) * SlopesRow(shape));
        using var room = Buffers.Zeros(LstmShape.SliceRows * (columns + units + units));
        var sums = byWeight.Floats(part, Rows(shape) * Columns(shape));
        for (var last = shape.Steps; last > 0; last -= together)
        {
            var first = Math.Max(0, last - together);
            ThroughTime(shape, part, first, last, weights.Floats(), trace, slope.Floats(), byInput is null ? [] : byInput.Floats(), room.Floats(), slopes.Floats());
            ByWeight(shape, part, first, (last - first) * rows, trace, slopes.Floats(), sums, fresh: last == shape.Steps);
        }
    }

    /// <summary>Some steps, the last one first: the slopes by what the gates' functions were given, (step, row, gate x unit), a row <see cref="SlopesRow"/> long.</summary>
    private static void ThroughTime(LstmShape shape, int part, int firstStep, int endStep, Span<float> weights, LstmTrace trace, Span<float> slope, Span<float> byInput, Span<float> room, Span<float> slopes)
    {
        var (direction, slice, units, slopesRow) = (part / shape.Slices, part % shape.Slices, shape.PaddedUnits, SlopesRow(shape));
        var (first, rows, columns) = (slice * LstmShape.SliceRows, shape.RowsOf(slice), BackColumns(shape, byInput.Length > 0));
        var back = room[..(LstmShape.SliceRows * columns)];
        var byOutput = room.Slice(back.Length, LstmShape.SliceRows * units);
        var byCell = room[(back.Length + byOutput.Length)..];
        var allGates = trace.Gates.Floats();
        var allCells = trace.Cells.Floats();
        for (var k = endStep - 1; k >= firstStep; k--)
        {
            var time = shape.Time(direction, k);
            var made = trace.At(allGates, shape, part, k, shape.KeptGates);
            var before = trace.At(allCells, shape, part, k, units);
            var after = trace.At(allCells, shape, part, k + 1, units);
            var here = slopes[((k - firstStep) * rows * slopesRow)..];
            for (var row = 0; row < rows; row++)
            {
                // Behind the last step there was none: back is still zero.
                TensorPrimitives.Add(slope.Slice(((((first + row) * shape.Steps) + time) * shape.Directions + direction) * shape.Units, shape.Units), back.Slice(row * columns, shape.Units), byOutput[(row * units)..]);
                Cell(ref made[row * shape.KeptGates], ref before[row * units], ref after[row * units], ref byOutput[row * units], ref byCell[row * units], ref here[row * slopesRow], shape.Units, units);
            }

            // The step before, which has long left the cache (measured, AMD Zen 5: without asking for it a cell takes four times as long).
            if (k > 0)
                CacheHint.Soon(trace.At(allCells, shape, part, k - 1, units));
            var soon = k > 0 ? trace.At(allGates, shape, part, k - 1, shape.KeptGates) : [];
            Tiles.Multiply<T>(here, slopesRow, 1, weights, 4 * shape.Units, back, columns, rows, columns, fresh: true, soon);
            for (var row = 0; row < rows && byInput.Length > 0; row++)
                back.Slice((row * columns) + shape.Units, shape.Inputs).CopyTo(byInput[((((direction * shape.Samples) + first + row) * shape.Steps + time) * shape.Inputs)..]);
        }
    }

    /// <summary>Adds the sums of slope x factor over the rows of some steps, the first of them <paramref name="k"/>.</summary>
    private static void ByWeight(LstmShape shape, int part, int k, int count, LstmTrace trace, Span<float> slopes, Span<float> byWeight, bool fresh)
    {
        var columns = Columns(shape);
        var factors = trace.From(trace.Factors.Floats(), shape, part, k, shape.FactorsRow);
        Tiles.MultiplyRows<T>(slopes, 1, SlopesRow(shape), factors, shape.FactorsRow, count, byWeight, columns, 4 * shape.Units, columns, fresh);
    }

    /// <summary>The slices' sums by the weights of one direction, to its parameters: slice by slice in one order, so that no bit depends on which thread was first.</summary>
    private static void Sum(LstmShape shape, Span<float> slices, IReadOnlyList<Tensor> slopes)
    {
        var byInput = slopes[0].Floats();
        var byOutput = slopes[1].Floats();
        var byBias = slopes[2].Floats();
        var (sum, columns) = (new float[shape.Factors], Columns(shape));
        for (var row = 0; row < 4 * shape.Units; row++)
        {
            var at = row * columns;
            slices.Slice(at, sum.Length).CopyTo(sum);
            for (var slice = 1; slice < shape.Slices; slice++)
                TensorPrimitives.Add(sum, slices.Slice((slice * Rows(shape) * columns) + at, sum.Length), sum);
            byBias[row] = sum[0];
            sum.AsSpan(1, shape.Inputs).CopyTo(byInput[(row * shape.Inputs)..]);
            sum.AsSpan(1 + shape.Inputs).CopyTo(byOutput[(row * shape.Units)..]);
        }

        byBias.CopyTo(slopes[3].Floats());
    }

    /// <summary>One sample of one step: slopes by output and cell become slopes by what the four gates' functions were given, and by the cell before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Cell(ref float gates, ref float before, ref float after, ref float byOutput, ref float byCell, ref float slopes, nint units, nint padded)
    {
        var one = T.Spread(1);
        // From the last register to the first: what one stores beyond the end of a gate's units, those of the next gate replace.
        for (var u = (units - 1) / T.Count * T.Count; u >= 0; u -= T.Count)
        {
            ref var from = ref Unsafe.Add(ref gates, u);
            ref var to = ref Unsafe.Add(ref slopes, u);
            var (i, f) = (T.Load(ref from), T.Load(ref Unsafe.Add(ref from, padded)));
            var (g, o) = (T.Load(ref Unsafe.Add(ref from, 2 * padded)), T.Load(ref Unsafe.Add(ref from, 3 * padded)));
            var cell = LanesMath.Tanh(T.Load(ref Unsafe.Add(ref after, u)));
            var output = T.Load(ref Unsafe.Add(ref byOutput, u));
            var slope = T.MultiplyAdd(output * o, one - (cell * cell), T.Load(ref Unsafe.Add(ref byCell, u)));
            T.Store(slope * g * i * (one - i), ref to);
            T.Store(slope * T.Load(ref Unsafe.Add(ref before, u)) * f * (one - f), ref Unsafe.Add(ref to, units));
            T.Store(slope * i * (one - (g * g)), ref Unsafe.Add(ref to, 2 * units));
            T.Store(output * cell * o * (one - o), ref Unsafe.Add(ref to, 3 * units));
            T.Store(slope * f, ref Unsafe.Add(ref byCell, u));
        }
    }
}

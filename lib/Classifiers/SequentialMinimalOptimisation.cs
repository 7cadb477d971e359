using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeviceId.Classifiers;

/// <summary>The dual problem of a two-class support vector machine, solved two multipliers at a time.</summary>
/// <remarks>
/// With b = y a (sign times multiplier) the problem reads: max y' b - 1/2 b' K b, sum of b = 0, b between 0 and y C. Its gradient, the
/// force, is y - K b: no sign is needed in the matrix, and at the optimum the force of every sample on its margin is the bias.
/// Pairs are chosen by second-order information: R.-E. Fan, P.-H. Chen, C.-J. Lin, "Working set selection using second order information
/// for training support vector machines", JMLR 6, 2005; it stops where the paper's m(a) - M(a) falls below the tolerance. The force is kept
/// in double precision. The loops are compiled in full at once: a training takes less time than the runtime would wait with it.
/// </remarks>
internal sealed class SequentialMinimalOptimisation
{
    // Stands for a curvature that is not positive: duplicates, or a matrix that is no inner product.
    private const double MinCurvature = 1e-12;
    private const int MinIterationLimit = 10_000_000;

    // A step takes 50 microseconds with twenty thousand samples.
    private const int StepsBetweenQuestions = 1024;

    private readonly double[] _lower;
    private readonly double[] _upper;
    private readonly double[] _coefficients;

    // The arrays below reach to a whole number of vectors; what is beyond the samples may neither rise nor fall.
    private readonly double[] _force;
    private readonly double[] _diagonal;

    // 0 where b may rise, else minus infinity; 0 where it may fall, else infinity: added to the force they take a sample out of a maximum
    // or minimum.
    private readonly double[] _cannotRise;
    private readonly double[] _cannotFall;
    private readonly float[] _rowOfI;
    private readonly float[] _rowOfJ;

    private SequentialMinimalOptimisation(ReadOnlySpan<float> gram, ReadOnlySpan<sbyte> signs, double c)
    {
        var padded = (signs.Length + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        (_lower, _upper, _coefficients) = (new double[signs.Length], new double[signs.Length], new double[signs.Length]);
        (_force, _diagonal, _rowOfI, _rowOfJ) = (new double[padded], new double[padded], new float[padded], new float[padded]);
        (_cannotRise, _cannotFall) = (new double[padded], new double[padded]);
        Array.Fill(_cannotRise, double.NegativeInfinity);
        Array.Fill(_cannotFall, double.PositiveInfinity);
        for (var t = 0; t < signs.Length; t++)
        {
            (_lower[t], _upper[t]) = signs[t] > 0 ? (0.0, c) : (-c, 0.0);
            (_force[t], _diagonal[t]) = (signs[t], gram[t * signs.Length + t]);
            NoteRoom(t);
        }
    }

    /// <summary>What was found: f(x) = sum of Coefficients_i K(x_i, x) + Bias.</summary>
    /// <param name="Coefficients">y_i a_i.</param>
    /// <param name="Bias">b.</param>
    /// <param name="Converged">Whether the tolerance was reached before the limit of iterations.</param>
    public readonly record struct Solution(double[] Coefficients, double Bias, bool Converged);

    /// <summary>Solves.</summary>
    /// <param name="gram">K, row by row (sample, sample).</param>
    /// <param name="signs">y: 1 or -1 for each sample.</param>
    /// <param name="c">C.</param>
    /// <param name="tolerance">See the remarks.</param>
    /// <param name="cancellationToken">Asked now and then.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Solution Solve(
        ReadOnlySpan<float> gram, ReadOnlySpan<sbyte> signs, double c, double tolerance, CancellationToken cancellationToken = default)
    {
        var solver = new SequentialMinimalOptimisation(gram, signs, c);
        var limit = Math.Max(MinIterationLimit, 100L * signs.Length);
        var (i, most) = solver.Follow(0, solver._rowOfI, solver._rowOfJ);
        for (var iteration = 0L; ; iteration++)
        {
            if (iteration % StepsBetweenQuestions == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var rowOfI = Row(gram, i, signs.Length, solver._rowOfI);
            var (j, least) = solver.Partner(i, rowOfI);
            var converged = most - least < tolerance || j < 0;
            if (converged || iteration == limit)
                return new Solution(solver._coefficients, solver.Bias(most, least), converged);
            var step = solver.Step(i, j, rowOfI[j]);
            (i, most) = solver.Follow(step, rowOfI, Row(gram, j, signs.Length, solver._rowOfJ));
        }
    }

    /// <summary>
    /// Brings the force up to date after a step, and finds in the same pass the sample that wants most to rise, and how much.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private (int I, double Most) Follow(double step, float[] rowOfI, float[] rowOfJ)
    {
        var width = Vector<double>.Count;
        ref var force = ref MemoryMarshal.GetArrayDataReference(_force);
        ref var cannotRise = ref MemoryMarshal.GetArrayDataReference(_cannotRise);
        var most = new RunningMaximum(double.NegativeInfinity);
        for (var t = 0; t < _force.Length; t += 2 * width)
        {
            Vector.Widen(new Vector<float>(rowOfI, t), out var lowI, out var highI);
            Vector.Widen(new Vector<float>(rowOfJ, t), out var lowJ, out var highJ);
            var low = Vector.LoadUnsafe(ref force, (nuint)t) - (lowI - lowJ) * step;
            var high = Vector.LoadUnsafe(ref force, (nuint)(t + width)) - (highI - highJ) * step;
            low.StoreUnsafe(ref force, (nuint)t);
            high.StoreUnsafe(ref force, (nuint)(t + width));
            most.Offer(low + Vector.LoadUnsafe(ref cannotRise, (nuint)t));
            most.Offer(high + Vector.LoadUnsafe(ref cannotRise, (nuint)(t + width)));
        }

        return most.Best();
    }

    /// <summary>
    /// The sample that gains most by falling while i rises, by the second-order estimate (-1 when there is none), and the least force that
    /// may fall.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private (int J, double Least) Partner(int i, float[] rowOfI)
    {
        var width = Vector<double>.Count;
        ref var force = ref MemoryMarshal.GetArrayDataReference(_force);
        ref var cannotFall = ref MemoryMarshal.GetArrayDataReference(_cannotFall);
        ref var diagonal = ref MemoryMarshal.GetArrayDataReference(_diagonal);
        var (top, own) = (new Vector<double>(_force[i]), new Vector<double>(_diagonal[i]));
        var least = new Vector<double>(double.PositiveInfinity);
        var gain = new RunningMaximum(0);
        for (var t = 0; t < _force.Length; t += 2 * width)
        {
            Vector.Widen(new Vector<float>(rowOfI, t), out var kernelLow, out var kernelHigh);
            var low = Vector.LoadUnsafe(ref force, (nuint)t) + Vector.LoadUnsafe(ref cannotFall, (nuint)t);
            var high = Vector.LoadUnsafe(ref force, (nuint)(t + width)) + Vector.LoadUnsafe(ref cannotFall, (nuint)(t + width));
            least = Vector.Min(least, Vector.Min(low, high));
            gain.Offer(Gain(top - low, own + Vector.LoadUnsafe(ref diagonal, (nuint)t) - (kernelLow + kernelLow)));
            gain.Offer(Gain(top - high, own + Vector.LoadUnsafe(ref diagonal, (nuint)(t + width)) - (kernelHigh + kernelHigh)));
        }

        var smallest = double.PositiveInfinity;
        for (var lane = 0; lane < width; lane++)
            smallest = Math.Min(smallest, least[lane]);
        return (gain.Best().Index, smallest);
    }

    /// <summary>Squared violation over curvature; -1 where nothing is violated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Gain(Vector<double> violation, Vector<double> curvature) => Vector.ConditionalSelect(
        Vector.GreaterThan(violation, Vector<double>.Zero), violation * violation / Vector.Max(curvature, new Vector<double>(MinCurvature)),
            new Vector<double>(-1));

    /// <summary>
    /// Moves b_i up and b_j down by the same amount, as far as is best and the bounds allow; a bound that is reached is met exactly.
    /// </summary>
    private double Step(int i, int j, double kernel)
    {
        var curvature = Math.Max(_diagonal[i] + _diagonal[j] - 2 * kernel, MinCurvature);
        var (above, below) = (_upper[i] - _coefficients[i], _coefficients[j] - _lower[j]);
        var step = Math.Min((_force[i] - _force[j]) / curvature, Math.Min(above, below));
        _coefficients[i] = step >= above ? _upper[i] : _coefficients[i] + step;
        _coefficients[j] = step >= below ? _lower[j] : _coefficients[j] - step;
        NoteRoom(i);
        NoteRoom(j);
        return step;
    }

    private void NoteRoom(int t)
    {
        _cannotRise[t] = _coefficients[t] < _upper[t] ? 0 : double.NegativeInfinity;
        _cannotFall[t] = _coefficients[t] > _lower[t] ? 0 : double.PositiveInfinity;
    }

    /// <summary>The mean force of the samples on their margin; where there are none, the middle of what the bounds allow.</summary>
    private double Bias(double most, double least)
    {
        var (sum, free) = (0.0, 0);
        for (var t = 0; t < _coefficients.Length; t++)
        {
            if (_coefficients[t] > _lower[t] && _coefficients[t] < _upper[t])
                (sum, free) = (sum + _force[t], free + 1);
        }

        return free > 0 ? sum / free : (most + least) / 2;
    }

    /// <summary>A row of K in an array that ends with a whole vector.</summary>
    private static float[] Row(ReadOnlySpan<float> gram, int row, int length, float[] buffer)
    {
        gram.Slice(row * length, length).CopyTo(buffer);
        return buffer;
    }
}

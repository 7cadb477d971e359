using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeviceId.Classifiers;

/// <summary>
/// Sequential minimal optimisation: solves the dual problem of a two-class support vector machine, two multipliers at a time.
/// </summary>
/// <remarks>
/// In the dual coefficients b = y a (label times multiplier) the problem is: maximise y' b - 1/2 b' K b subject to sum of b = 0 and b
/// between 0 and y C. The gradient of this objective is y - K b: the labels need not be multiplied into the kernel matrix, and at the
/// optimum the gradient of every free sample (between its bounds) is the bias. The working set (i, j) is chosen by second-order
/// information: R.-E. Fan, P.-H. Chen, C.-J. Lin, "Working set selection using second order information for training support vector
/// machines", JMLR 6, 2005. The solver stops when the largest KKT violation, m(a) - M(a) in the paper, falls below the tolerance. The
/// gradient is kept in double precision. AggressiveOptimization compiles the loops fully at once: training ends before tiered compilation
/// would optimise them.
/// </remarks>
internal sealed class SequentialMinimalOptimisation
{
    // Replaces a curvature that is not positive, as of duplicate samples or of a kernel matrix that is not positive definite.
    private const double MinCurvature = 1e-12;
    private const int MinIterationLimit = 10_000_000;

    // A step takes 50 microseconds with 20,000 samples.
    private const int StepsBetweenCancellationChecks = 1024;

    private readonly double[] _lower;
    private readonly double[] _upper;
    private readonly double[] _coefficients;

    // The arrays below are padded to a multiple of the SIMD vector; the padding belongs to neither I_up nor I_low.
    private readonly double[] _gradient;
    private readonly double[] _diagonal;

    // Added to the gradient before a maximum over I_up (samples whose b may increase): 0 in the set, -infinity outside. Likewise for a
    // minimum over I_low (samples whose b may decrease): 0 in the set, +infinity outside.
    private readonly double[] _upMask;
    private readonly double[] _lowMask;
    private readonly float[] _rowOfI;
    private readonly float[] _rowOfJ;

    private SequentialMinimalOptimisation(ReadOnlySpan<float> gram, ReadOnlySpan<sbyte> signs, double c)
    {
        var padded = (signs.Length + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        (_lower, _upper, _coefficients) = (new double[signs.Length], new double[signs.Length], new double[signs.Length]);
        (_gradient, _diagonal, _rowOfI, _rowOfJ) = (new double[padded], new double[padded], new float[padded], new float[padded]);
        (_upMask, _lowMask) = (new double[padded], new double[padded]);
        Array.Fill(_upMask, double.NegativeInfinity);
        Array.Fill(_lowMask, double.PositiveInfinity);
        for (var t = 0; t < signs.Length; t++)
        {
            (_lower[t], _upper[t]) = signs[t] > 0 ? (0.0, c) : (-c, 0.0);
            (_gradient[t], _diagonal[t]) = (signs[t], gram[t * signs.Length + t]);
            UpdateMasks(t);
        }
    }

    /// <summary>The decision function f(x) = sum of Coefficients_i K(x_i, x) + Bias.</summary>
    /// <param name="Coefficients">Dual coefficients y_i a_i.</param>
    /// <param name="Bias">Bias.</param>
    /// <param name="Converged">Whether the tolerance was reached before the iteration limit.</param>
    public readonly record struct Solution(double[] Coefficients, double Bias, bool Converged);

    /// <summary>Solves the problem.</summary>
    /// <param name="gram">Kernel matrix K (sample, sample), row by row.</param>
    /// <param name="signs">Labels y: 1 or -1 for each sample.</param>
    /// <param name="c">C, the upper bound of the multipliers.</param>
    /// <param name="tolerance">The largest KKT violation that is accepted.</param>
    /// <param name="cancellationToken">Checked every 1024 steps.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Solution Solve(
        ReadOnlySpan<float> gram, ReadOnlySpan<sbyte> signs, double c, double tolerance, CancellationToken cancellationToken = default)
    {
        var solver = new SequentialMinimalOptimisation(gram, signs, c);
        var limit = Math.Max(MinIterationLimit, 100L * signs.Length);
        var (i, maxUp) = solver.UpdateGradient(0, solver._rowOfI, solver._rowOfJ);
        for (var iteration = 0L; ; iteration++)
        {
            if (iteration % StepsBetweenCancellationChecks == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var rowOfI = CopyRow(gram, i, signs.Length, solver._rowOfI);
            var (j, minLow) = solver.SelectSecond(i, rowOfI);
            var converged = maxUp - minLow < tolerance || j < 0;
            if (converged || iteration == limit)
                return new Solution(solver._coefficients, solver.ComputeBias(maxUp, minLow), converged);
            var step = solver.Step(i, j, rowOfI[j]);
            (i, maxUp) = solver.UpdateGradient(step, rowOfI, CopyRow(gram, j, signs.Length, solver._rowOfJ));
        }
    }

    /// <summary>Updates the gradient after a step, and finds in the same pass the sample i of I_up with the largest gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private (int I, double MaxUp) UpdateGradient(double step, float[] rowOfI, float[] rowOfJ)
    {
        var width = Vector<double>.Count;
        ref var gradient = ref MemoryMarshal.GetArrayDataReference(_gradient);
        ref var upMask = ref MemoryMarshal.GetArrayDataReference(_upMask);
        var maxUp = new RunningMaximum(double.NegativeInfinity);
        for (var t = 0; t < _gradient.Length; t += 2 * width)
        {
            Vector.Widen(new Vector<float>(rowOfI, t), out var lowI, out var highI);
            Vector.Widen(new Vector<float>(rowOfJ, t), out var lowJ, out var highJ);
            var low = Vector.LoadUnsafe(ref gradient, (nuint)t) - (lowI - lowJ) * step;
            var high = Vector.LoadUnsafe(ref gradient, (nuint)(t + width)) - (highI - highJ) * step;
            low.StoreUnsafe(ref gradient, (nuint)t);
            high.StoreUnsafe(ref gradient, (nuint)(t + width));
            maxUp.Offer(low + Vector.LoadUnsafe(ref upMask, (nuint)t));
            maxUp.Offer(high + Vector.LoadUnsafe(ref upMask, (nuint)(t + width)));
        }

        return maxUp.Best();
    }

    /// <summary>
    /// The second sample j of the working set: the one of I_low with the largest gain by the second-order estimate, -1 if none violates the
    /// KKT conditions with i. Also the smallest gradient in I_low.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private (int J, double MinLow) SelectSecond(int i, float[] rowOfI)
    {
        var width = Vector<double>.Count;
        ref var gradient = ref MemoryMarshal.GetArrayDataReference(_gradient);
        ref var lowMask = ref MemoryMarshal.GetArrayDataReference(_lowMask);
        ref var diagonal = ref MemoryMarshal.GetArrayDataReference(_diagonal);
        var (gradientOfI, diagonalOfI) = (new Vector<double>(_gradient[i]), new Vector<double>(_diagonal[i]));
        var minLow = new Vector<double>(double.PositiveInfinity);
        var gain = new RunningMaximum(0);
        for (var t = 0; t < _gradient.Length; t += 2 * width)
        {
            Vector.Widen(new Vector<float>(rowOfI, t), out var kernelLow, out var kernelHigh);
            var low = Vector.LoadUnsafe(ref gradient, (nuint)t) + Vector.LoadUnsafe(ref lowMask, (nuint)t);
            var high = Vector.LoadUnsafe(ref gradient, (nuint)(t + width)) + Vector.LoadUnsafe(ref lowMask, (nuint)(t + width));
            minLow = Vector.Min(minLow, Vector.Min(low, high));
            var curvatureLow = diagonalOfI + Vector.LoadUnsafe(ref diagonal, (nuint)t) - (kernelLow + kernelLow);
            var curvatureHigh = diagonalOfI + Vector.LoadUnsafe(ref diagonal, (nuint)(t + width)) - (kernelHigh + kernelHigh);
            gain.Offer(Gain(gradientOfI - low, curvatureLow));
            gain.Offer(Gain(gradientOfI - high, curvatureHigh));
        }

        var smallest = double.PositiveInfinity;
        for (var lane = 0; lane < width; lane++)
            smallest = Math.Min(smallest, minLow[lane]);
        return (gain.Best().Index, smallest);
    }

    /// <summary>Squared violation divided by the curvature; -1 where there is no violation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Gain(Vector<double> violation, Vector<double> curvature) => Vector.ConditionalSelect(
        Vector.GreaterThan(violation, Vector<double>.Zero),
        violation * violation / Vector.Max(curvature, new Vector<double>(MinCurvature)),
        new Vector<double>(-1));

    /// <summary>
    /// Increases b_i and decreases b_j by the same optimal amount, clipped to the bounds. A bound that is reached is set exactly.
    /// </summary>
    /// <returns>The amount.</returns>
    private double Step(int i, int j, double kernel)
    {
        var curvature = Math.Max(_diagonal[i] + _diagonal[j] - 2 * kernel, MinCurvature);
        var (above, below) = (_upper[i] - _coefficients[i], _coefficients[j] - _lower[j]);
        var step = Math.Min((_gradient[i] - _gradient[j]) / curvature, Math.Min(above, below));
        _coefficients[i] = step >= above ? _upper[i] : _coefficients[i] + step;
        _coefficients[j] = step >= below ? _lower[j] : _coefficients[j] - step;
        UpdateMasks(i);
        UpdateMasks(j);
        return step;
    }

    private void UpdateMasks(int t)
    {
        _upMask[t] = _coefficients[t] < _upper[t] ? 0 : double.NegativeInfinity;
        _lowMask[t] = _coefficients[t] > _lower[t] ? 0 : double.PositiveInfinity;
    }

    /// <summary>
    /// The mean gradient of the free samples; without free samples, the middle of the interval that the KKT conditions allow.
    /// </summary>
    private double ComputeBias(double maxUp, double minLow)
    {
        var (sum, free) = (0.0, 0);
        for (var t = 0; t < _coefficients.Length; t++)
        {
            if (_coefficients[t] > _lower[t] && _coefficients[t] < _upper[t])
                (sum, free) = (sum + _gradient[t], free + 1);
        }

        return free > 0 ? sum / free : (maxUp + minLow) / 2;
    }

    /// <summary>Copies a row of K into a padded array.</summary>
    private static float[] CopyRow(ReadOnlySpan<float> gram, int row, int length, float[] buffer)
    {
        gram.Slice(row * length, length).CopyTo(buffer);
        return buffer;
    }
}

using System.Runtime.CompilerServices;

namespace DeviceId.Baselines;

/// <summary>The dual problem of a two-class support vector machine, solved two multipliers at a time.</summary>
/// <remarks>
/// min 1/2 a' Q a - 1' a, 0 &lt;= a &lt;= C, y' a = 0, Q_ij = y_i y_j K_ij.
/// Pairs are chosen by second-order information: R.-E. Fan, P.-H. Chen, C.-J. Lin, "Working set selection using second order information for training
/// support vector machines", JMLR 6, 2005; it stops where the paper's m(a) - M(a) falls below the tolerance. The gradient is kept in double precision.
/// </remarks>
internal sealed class SequentialMinimalOptimisation
{
    // Stands for a curvature that is not positive: duplicates, or a matrix that is no inner product.
    private const double SmallestCurvature = 1e-12;
    private const int LeastIterationLimit = 10_000_000;

    private readonly sbyte[] _signs;
    private readonly double _c;
    private readonly double[] _multipliers;

    // -y_t times the gradient: how much y_t a_t wants to grow.
    private readonly double[] _force;

    private readonly float[] _diagonal;
    private readonly bool[] _mayRise;
    private readonly bool[] _mayFall;

    private SequentialMinimalOptimisation(ReadOnlySpan<float> gram, sbyte[] signs, double c)
    {
        _diagonal = new float[signs.Length];
        for (var t = 0; t < signs.Length; t++)
            _diagonal[t] = gram[t * signs.Length + t];
        (_signs, _c) = (signs, c);
        _multipliers = new double[signs.Length];
        (_mayRise, _mayFall) = (new bool[signs.Length], new bool[signs.Length]);
        for (var t = 0; t < signs.Length; t++)
            Mark(t);
        _force = [.. signs.Select(sign => (double)sign)];
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
    public static Solution Solve(ReadOnlySpan<float> gram, sbyte[] signs, double c, double tolerance)
    {
        var solver = new SequentialMinimalOptimisation(gram, signs, c);
        var limit = Math.Max(LeastIterationLimit, 100L * signs.Length);
        var converged = false;
        for (var iteration = 0L; iteration < limit && !converged; iteration++)
        {
            var (i, j) = solver.WorkingSet(gram, tolerance);
            if (j < 0)
                converged = true;
            else
                solver.Step(gram, i, j);
        }

        return new Solution([.. signs.Select((sign, t) => sign * solver._multipliers[t])], solver.Bias(), converged);
    }

    /// <summary>The pair that promises the greatest decrease; j is -1 at the optimum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (int I, int J) WorkingSet(ReadOnlySpan<float> gram, double tolerance)
    {
        // Locals of one known length: the compiler then drops the checks of bounds, which cost as much as the arithmetic.
        ReadOnlySpan<double> force = _force;
        var mayRise = _mayRise.AsSpan(0, force.Length);
        var mayFall = _mayFall.AsSpan(0, force.Length);
        var diagonal = _diagonal.AsSpan(0, force.Length);
        var (i, most) = (-1, double.NegativeInfinity);
        for (var t = 0; t < force.Length; t++)
        {
            if (force[t] >= most && mayRise[t])
                (i, most) = (t, force[t]);
        }

        if (i < 0)
            return (-1, -1);
        var row = gram.Slice(i * force.Length, force.Length);
        var own = (double)row[i];
        var (j, best, least) = (-1, 0.0, double.PositiveInfinity);
        for (var t = 0; t < force.Length; t++)
        {
            if (!mayFall[t])
                continue;
            var gap = most - force[t];
            least = Math.Min(least, force[t]);
            if (gap <= 0)
                continue;
            var decrease = gap * gap / Curvature(own, diagonal[t], row[t]);
            if (decrease >= best)
                (j, best) = (t, decrease);
        }

        return most - least < tolerance ? (i, -1) : (i, j);
    }

    private static double Curvature(double ii, double jj, double ij) => ii + jj - 2 * ij is var curvature and > 0 ? curvature : SmallestCurvature;

    /// <summary>Moves y_i a_i up and y_j a_j down by the same amount, as far as is best and the box allows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(ReadOnlySpan<float> gram, int i, int j)
    {
        var n = _signs.Length;
        var rowI = gram.Slice(i * n, n);
        var rowJ = gram.Slice(j * n, n);
        var step = (_force[i] - _force[j]) / Curvature(rowI[i], rowJ[j], rowI[j]);
        step = Math.Min(step, _signs[i] > 0 ? _c - _multipliers[i] : _multipliers[i]);
        step = Math.Min(step, _signs[j] > 0 ? _multipliers[j] : _c - _multipliers[j]);
        Move(i, _signs[i] * step);
        Move(j, -_signs[j] * step);
        Span<double> force = _force;
        rowI = rowI[..force.Length];
        rowJ = rowJ[..force.Length];
        for (var t = 0; t < force.Length; t++)
            force[t] -= step * ((double)rowI[t] - rowJ[t]);
    }

    /// <summary>Exactly onto the bounds where rounding would leave it beside them.</summary>
    private void Move(int t, double by)
    {
        var moved = _multipliers[t] + by;
        var rounding = 1e-12 * _c;
        _multipliers[t] = moved < rounding ? 0 : moved > _c - rounding ? _c : moved;
        Mark(t);
    }

    /// <summary>Notes whether y a may grow, and whether it may shrink.</summary>
    private void Mark(int t)
    {
        var (roomAbove, roomBelow) = (_multipliers[t] < _c, _multipliers[t] > 0);
        (_mayRise[t], _mayFall[t]) = _signs[t] > 0 ? (roomAbove, roomBelow) : (roomBelow, roomAbove);
    }

    /// <summary>From the samples on their margin; where there are none, from the middle of what the others allow.</summary>
    private double Bias()
    {
        var (sum, free, high, low) = (0.0, 0, double.PositiveInfinity, double.NegativeInfinity);
        for (var t = 0; t < _signs.Length; t++)
        {
            var value = -_force[t];
            if (_multipliers[t] > 0 && _multipliers[t] < _c)
                (sum, free) = (sum + value, free + 1);
            else if (_mayRise[t])
                low = Math.Max(low, -value);
            else
                high = Math.Min(high, -value);
        }

        return free > 0 ? -sum / free : double.IsInfinity(high) ? low : double.IsInfinity(low) ? high : (high + low) / 2;
    }
}

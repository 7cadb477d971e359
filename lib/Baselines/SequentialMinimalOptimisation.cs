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
    private readonly double[] _gradient;

    private SequentialMinimalOptimisation(sbyte[] signs, double c)
    {
        (_signs, _c) = (signs, c);
        _multipliers = new double[signs.Length];
        _gradient = new double[signs.Length];
        Array.Fill(_gradient, -1);
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
        var solver = new SequentialMinimalOptimisation(signs, c);
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
    private (int I, int J) WorkingSet(ReadOnlySpan<float> gram, double tolerance)
    {
        var (n, i, most) = (_signs.Length, -1, double.NegativeInfinity);
        for (var t = 0; t < n; t++)
        {
            if (MayRise(t) && -_signs[t] * _gradient[t] >= most)
                (i, most) = (t, -_signs[t] * _gradient[t]);
        }

        if (i < 0)
            return (-1, -1);
        var row = gram.Slice(i * n, n);
        var (j, best, least) = (-1, double.PositiveInfinity, double.PositiveInfinity);
        for (var t = 0; t < n; t++)
        {
            if (!MayFall(t))
                continue;
            var value = -_signs[t] * _gradient[t];
            least = Math.Min(least, value);
            var gap = most - value;
            if (gap <= 0)
                continue;
            var decrease = -gap * gap / Curvature(row[i], gram[t * n + t], row[t]);
            if (decrease <= best)
                (j, best) = (t, decrease);
        }

        return most - least < tolerance ? (i, -1) : (i, j);
    }

    /// <summary>Whether y a may grow.</summary>
    private bool MayRise(int t) => _signs[t] > 0 ? _multipliers[t] < _c : _multipliers[t] > 0;

    /// <summary>Whether y a may shrink.</summary>
    private bool MayFall(int t) => _signs[t] > 0 ? _multipliers[t] > 0 : _multipliers[t] < _c;

    private static double Curvature(double ii, double jj, double ij) => ii + jj - 2 * ij is var curvature and > 0 ? curvature : SmallestCurvature;

    /// <summary>Moves y_i a_i up and y_j a_j down by the same amount, as far as is best and the box allows.</summary>
    private void Step(ReadOnlySpan<float> gram, int i, int j)
    {
        var n = _signs.Length;
        var rowI = gram.Slice(i * n, n);
        var rowJ = gram.Slice(j * n, n);
        var step = (-_signs[i] * _gradient[i] + _signs[j] * _gradient[j]) / Curvature(rowI[i], rowJ[j], rowI[j]);
        step = Math.Min(step, _signs[i] > 0 ? _c - _multipliers[i] : _multipliers[i]);
        step = Math.Min(step, _signs[j] > 0 ? _multipliers[j] : _c - _multipliers[j]);
        Move(i, _signs[i] * step);
        Move(j, -_signs[j] * step);
        for (var t = 0; t < n; t++)
            _gradient[t] += _signs[t] * step * ((double)rowI[t] - rowJ[t]);
    }

    /// <summary>Exactly onto the bounds where rounding would leave it beside them.</summary>
    private void Move(int t, double by)
    {
        var moved = _multipliers[t] + by;
        var rounding = 1e-12 * _c;
        _multipliers[t] = moved < rounding ? 0 : moved > _c - rounding ? _c : moved;
    }

    /// <summary>From the samples on their margin; where there are none, from the middle of what the others allow.</summary>
    private double Bias()
    {
        var (sum, free, high, low) = (0.0, 0, double.PositiveInfinity, double.NegativeInfinity);
        for (var t = 0; t < _signs.Length; t++)
        {
            var value = _signs[t] * _gradient[t];
            if (_multipliers[t] > 0 && _multipliers[t] < _c)
                (sum, free) = (sum + value, free + 1);
            else if (MayRise(t))
                low = Math.Max(low, -value);
            else
                high = Math.Min(high, -value);
        }

        return free > 0 ? -sum / free : double.IsInfinity(high) ? low : double.IsInfinity(low) ? high : (high + low) / 2;
    }
}

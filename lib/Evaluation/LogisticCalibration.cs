namespace DeviceId.Evaluation;

/// <summary>Logistic-regression calibration: log-likelihood ratio (natural logarithm) = slope x score + offset.</summary>
/// <remarks>
/// Same-device and different-device trials have equal total weight, whatever their numbers (N. Brümmer, J. du Preez 2006; G. S. Morrison,
/// "Tutorial on logistic-regression calibration and fusion", Austral. J. Forensic Sci. 45, 2013). Scores that separate the two kinds
/// completely would give an infinite slope; a small penalty on the squared slope keeps it finite, and likelihood ratios from few trials
/// moderate.
/// </remarks>
/// <param name="Slope">Slope; above 0 where higher scores support the same-device hypothesis.</param>
/// <param name="Offset">Offset.</param>
internal sealed record LogisticCalibration(double Slope, double Offset)
{
    private const int MaxIterations = 100;

    /// <summary>Fits slope and offset to trials whose truth is known.</summary>
    /// <param name="trials">Scores of same-device and different-device trials.</param>
    /// <param name="penalty">Weight of the squared slope for scores standardised to unit standard deviation; above 0.</param>
    public static LogisticCalibration Fit(VerificationScores trials, double penalty = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(penalty);
        var all = trials.Same.Concat(trials.Different).ToArray();
        var mean = all.Average();
        var std = Math.Max(Math.Sqrt(all.Average(s => (s - mean) * (s - mean))), 1e-12);
        var total = trials.Same.Count + trials.Different.Count;
        var (weightSame, weightDifferent) = (0.5 * total / trials.Same.Count, 0.5 * total / trials.Different.Count);
        var (slope, offset) = (0.0, 0.0);

        // Newton's method on a convex function; a step that raises the cost is halved.
        var cost = Cost(slope, offset);
        for (var i = 0; i < MaxIterations; i++)
        {
            var (g0, g1, h00, h01, h11) = (2 * penalty * slope, 0.0, 2 * penalty, 0.0, 1e-12);
            void AddTrial(double score, double weight, double target)
            {
                var x = (score - mean) / std;
                var p = 1 / (1 + Math.Exp(-((slope * x) + offset)));
                var (e, w) = (weight * (p - target), weight * p * (1 - p));
                (g0, g1, h00, h01, h11) = (g0 + (e * x), g1 + e, h00 + (w * x * x), h01 + (w * x), h11 + w);
            }

            foreach (var score in trials.Same)
                AddTrial(score, weightSame, 1);
            foreach (var score in trials.Different)
                AddTrial(score, weightDifferent, 0);
            var determinant = (h00 * h11) - (h01 * h01);
            var (stepSlope, stepOffset) = (((h11 * g0) - (h01 * g1)) / determinant, ((h00 * g1) - (h01 * g0)) / determinant);
            var size = 1.0;
            double next;
            while ((next = Cost(slope - (size * stepSlope), offset - (size * stepOffset))) > cost && size > 1e-10)
                size /= 2;
            (slope, offset) = (slope - (size * stepSlope), offset - (size * stepOffset));
            if (cost - next <= 1e-12 * total)
                break;
            cost = next;
        }

        return new LogisticCalibration(slope / std, offset - (slope * mean / std));

        double Cost(double a, double b)
        {
            double One(double score, double sign) => VerificationScores.SoftPlus(-sign * ((a * (score - mean) / std) + b));
            return (penalty * a * a) + (weightSame * trials.Same.Sum(s => One(s, 1)))
                + (weightDifferent * trials.Different.Sum(d => One(d, -1)));
        }
    }

    /// <summary>Log-likelihood ratio (natural logarithm) of a score.</summary>
    public double LogRatio(double score) => (Slope * score) + Offset;
}

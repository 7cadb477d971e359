namespace DeviceId.Evaluation;

/// <summary>Turns scores into natural logarithms of likelihood ratios: slope x score + offset.</summary>
/// <remarks>
/// Logistic regression in which both kinds of trials weigh the same, however many there are (N. Brümmer, J. du Preez 2006; G. S. Morrison,
/// "Tutorial on logistic-regression calibration and fusion", Austral. J. Forensic Sci. 45, 2013). Scores that separate both kinds
/// completely would have an infinite slope: a small penalty keeps it finite, so that ratios from few trials stay modest.
/// </remarks>
/// <param name="Slope">Above 0 where greater scores speak for the device.</param>
/// <param name="Offset">Added.</param>
internal sealed record LogisticCalibration(double Slope, double Offset)
{
    private const int MaxIterations = 100;

    /// <summary>Learns from trials of which the truth is known.</summary>
    /// <param name="trials">The scores.</param>
    /// <param name="penalty">Weight of the squared slope, in trials of deviation 1; above 0.</param>
    public static LogisticCalibration Fit(VerificationScores trials, double penalty = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(penalty);
        var all = trials.Same.Concat(trials.Different).ToArray();
        var mean = all.Average();
        var deviation = Math.Max(Math.Sqrt(all.Average(s => (s - mean) * (s - mean))), 1e-12);
        var total = trials.Same.Count + trials.Different.Count;
        var (weightSame, weightDifferent) = (0.5 * total / trials.Same.Count, 0.5 * total / trials.Different.Count);
        var (slope, offset) = (0.0, 0.0);
        // Newton's method on a convex function, halving steps that go too far.
        var cost = Cost(slope, offset);
        for (var i = 0; i < MaxIterations; i++)
        {
            var (g0, g1, h00, h01, h11) = (2 * penalty * slope, 0.0, 2 * penalty, 0.0, 1e-12);
            void Add(double score, double weight, double target)
            {
                var x = (score - mean) / deviation;
                var p = 1 / (1 + Math.Exp(-((slope * x) + offset)));
                var (e, w) = (weight * (p - target), weight * p * (1 - p));
                (g0, g1, h00, h01, h11) = (g0 + (e * x), g1 + e, h00 + (w * x * x), h01 + (w * x), h11 + w);
            }

            foreach (var score in trials.Same)
                Add(score, weightSame, 1);
            foreach (var score in trials.Different)
                Add(score, weightDifferent, 0);
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

        return new LogisticCalibration(slope / deviation, offset - (slope * mean / deviation));

        double Cost(double a, double b)
        {
            double One(double score, double sign) => VerificationScores.SoftPlus(-sign * ((a * (score - mean) / deviation) + b));
            return (penalty * a * a) + (weightSame * trials.Same.Sum(s => One(s, 1)))
                + (weightDifferent * trials.Different.Sum(d => One(d, -1)));
        }
    }

    /// <summary>The natural logarithm of the likelihood ratio of a score.</summary>
    public double LogRatio(double score) => (Slope * score) + Offset;
}

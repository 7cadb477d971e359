namespace DeviceId.Evaluation;

/// <summary>Open-set curve: detection and identification rate against false-alarm rate, over all thresholds.</summary>
/// <remarks>
/// P. J. Phillips, P. Grother, R. Micheals, "Evaluation methods in face recognition", Handbook of Face Recognition, 2011.
/// </remarks>
internal static class OpenSetCurve
{
    /// <summary>Computes the curve, from the strictest threshold (no recording is identified) to the most lenient one (all are).</summary>
    /// <param name="answers">Answers about recordings of known and of unknown devices.</param>
    /// <exception cref="ArgumentException">There are no answers of one of the two kinds, or a score is NaN.</exception>
    public static IReadOnlyList<OpenSetPoint> Compute(IReadOnlyCollection<OpenSetAnswer> answers)
    {
        var (known, unknown) = (answers.Count(a => a.IsKnown), answers.Count(a => !a.IsKnown));
        if (known == 0 || unknown == 0 || answers.Any(a => double.IsNaN(a.Score)))
            throw new ArgumentException(
                "The curve needs answers about known and about unknown devices, and no score may be NaN.", nameof(answers));
        var points = new List<OpenSetPoint> { new(double.PositiveInfinity, 0, 0) };
        var (identified, falseAlarms) = (0, 0);
        foreach (var tie in answers.GroupBy(a => a.Score).OrderByDescending(g => g.Key))
        {
            identified += tie.Count(a => a.IsKnown && a.IsRight);
            falseAlarms += tie.Count(a => !a.IsKnown);
            points.Add(new OpenSetPoint(tie.Key, identified / (double)known, falseAlarms / (double)unknown));
        }

        return points;
    }

    /// <summary>The most lenient threshold that does not exceed a false-alarm rate.</summary>
    /// <param name="curve">A curve from <see cref="Compute"/>.</param>
    /// <param name="falseAlarms">The largest acceptable false-alarm rate, in [0, 1].</param>
    public static OpenSetPoint At(IReadOnlyList<OpenSetPoint> curve, double falseAlarms) =>
        curve.Last(point => point.FalseAlarms <= falseAlarms);
}

/// <summary>A threshold with its identification rate and false-alarm rate.</summary>
/// <param name="Threshold">A recording with a score at or above it is attributed to a device.</param>
/// <param name="Identified">Proportion of the recordings of known devices that are attributed to the correct device.</param>
/// <param name="FalseAlarms">Proportion of the recordings of unknown devices that are attributed to any device.</param>
internal readonly record struct OpenSetPoint(double Threshold, double Identified, double FalseAlarms);

/// <summary>Answer of an open-set system, which may say "none of these", to one recording.</summary>
/// <param name="Score">Score of the best device; below the threshold the answer is "none of these".</param>
/// <param name="IsKnown">Whether the recording was made by one of the system's devices.</param>
/// <param name="IsRight">Whether the best device is the true one; meaningless for unknown devices.</param>
internal readonly record struct OpenSetAnswer(double Score, bool IsKnown, bool IsRight);

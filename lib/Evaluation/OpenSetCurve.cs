namespace DeviceId.Evaluation;

/// <summary>Detection and identification rate against false alarms, over all thresholds.</summary>
/// <remarks>
/// P. J. Phillips, P. Grother, R. Micheals, "Evaluation methods in face recognition", Handbook of Face Recognition, 2011.
/// </remarks>
internal static class OpenSetCurve
{
    /// <summary>The curve, from the strictest threshold, at which nothing is named, to the mildest, at which all is.</summary>
    /// <param name="answers">Some of known and some of unknown devices.</param>
    /// <exception cref="ArgumentException">One kind is missing, or a score is not a number.</exception>
    public static IReadOnlyList<OpenSetPoint> Compute(IReadOnlyCollection<OpenSetAnswer> answers)
    {
        var (known, unknown) = (answers.Count(a => a.IsKnown), answers.Count(a => !a.IsKnown));
        if (known == 0 || unknown == 0 || answers.Any(a => double.IsNaN(a.Score)))
            throw new ArgumentException("The curve needs answers about known and about unknown devices, with scores that are numbers.",
                nameof(answers));
        var points = new List<OpenSetPoint> { new(double.PositiveInfinity, 0, 0) };
        var (identified, alarms) = (0, 0);
        foreach (var tie in answers.GroupBy(a => a.Score).OrderByDescending(g => g.Key))
        {
            identified += tie.Count(a => a.IsKnown && a.IsRight);
            alarms += tie.Count(a => !a.IsKnown);
            points.Add(new OpenSetPoint(tie.Key, identified / (double)known, alarms / (double)unknown));
        }

        return points;
    }

    /// <summary>The mildest threshold that keeps to a rate of false alarms.</summary>
    /// <param name="curve">From <see cref="Compute"/>.</param>
    /// <param name="falseAlarms">At most this share, in [0, 1].</param>
    public static OpenSetPoint At(IReadOnlyList<OpenSetPoint> curve, double falseAlarms) =>
        curve.Last(point => point.FalseAlarms <= falseAlarms);
}

/// <summary>A threshold and what comes of it.</summary>
/// <param name="Threshold">Scores at or above it are answered with a name.</param>
/// <param name="Identified">Share of recordings of known devices that are named, and rightly.</param>
/// <param name="FalseAlarms">Share of recordings of unknown devices that are named at all.</param>
internal readonly record struct OpenSetPoint(double Threshold, double Identified, double FalseAlarms);

/// <summary>One recording asked of a system that may say "none of these".</summary>
/// <param name="Score">How sure the system is that one of its devices made it; below the threshold it says "none of these".</param>
/// <param name="IsKnown">Whether one of its devices did.</param>
/// <param name="IsRight">Whether the device that it names is the right one; without meaning for unknown devices.</param>
internal readonly record struct OpenSetAnswer(double Score, bool IsKnown, bool IsRight);

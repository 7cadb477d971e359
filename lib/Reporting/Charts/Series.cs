namespace DeviceId.Reporting;

/// <summary>One line of a chart.</summary>
/// <param name="Name">Name for the legend.</param>
/// <param name="X">Positions, in the unit of the horizontal axis.</param>
/// <param name="Y">Values, one per position.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>
    /// Lower and upper limits drawn as a band, one per position: the range of the averaged values, or the ends of intervals. Null for no
    /// band.
    /// </summary>
    public (IReadOnlyList<double> Low, IReadOnlyList<double> High)? Band { get; init; }

    /// <summary>How many items each value is a mean of, one per position; null if unknown.</summary>
    internal IReadOnlyList<int>? Counts { get; init; }
}

/// <summary>Values with intervals.</summary>
/// <param name="Name">Name for the legend.</param>
/// <param name="Values">Values, one per row.</param>
/// <param name="Below">How far each interval extends below its value.</param>
/// <param name="Above">How far each interval extends above its value.</param>
internal sealed record IntervalSeries(string Name, IReadOnlyList<double> Values, IReadOnlyList<double> Below, IReadOnlyList<double> Above);

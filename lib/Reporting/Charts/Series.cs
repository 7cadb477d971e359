namespace DeviceId.Reporting;

/// <summary>One line of a chart.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="X">Positions, in the unit of the horizontal axis.</param>
/// <param name="Y">Values, as many as positions.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>
    /// Where the values are means: the lowest and the highest of what was averaged, or the ends of intervals, as many as positions, drawn
    /// as a band; null for no band.
    /// </summary>
    public (IReadOnlyList<double> Low, IReadOnlyList<double> High)? Band { get; init; }
}

/// <summary>Values with their intervals.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Values">One a row.</param>
/// <param name="Below">How far each interval reaches below its value.</param>
/// <param name="Above">How far each interval reaches above its value.</param>
internal sealed record IntervalSeries(string Name, IReadOnlyList<double> Values, IReadOnlyList<double> Below, IReadOnlyList<double> Above);

namespace DeviceId.Reporting;

/// <summary>Values with their intervals.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Values">One a row.</param>
/// <param name="Below">How far each interval reaches below its value.</param>
/// <param name="Above">How far each interval reaches above its value.</param>
internal sealed record IntervalSeries(string Name, IReadOnlyList<double> Values, IReadOnlyList<double> Below, IReadOnlyList<double> Above);

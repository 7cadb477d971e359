namespace DeviceId.Reporting;

/// <summary>One line of a chart.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="X">Positions, in the unit of the horizontal axis.</param>
/// <param name="Y">Values, as many as positions.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);

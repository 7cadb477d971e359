using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>The median of several measurements with the smallest and the largest of them.</summary>
/// <param name="Median">In the unit of the heading, as the others.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
internal sealed record MedianWithRange(double Median, double Min, double Max) : ITableCell
{
    /// <summary>How each number is printed: a format of .NET.</summary>
    public string Format { get; init; } = "F1";

    IReadOnlyList<CellNumber> ITableCell.Numbers => [new("", Median), new("min", Min), new("max", Max)];

    /// <summary>"12.3 (11.0 to 15.0)"; invariant culture.</summary>
    public override string ToString() => $"{Print(Median)} ({Print(Min)} to {Print(Max)})";

    private string Print(double number) => number.ToString(Format, CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>Table cell: the median of several measurements with their minimum and maximum.</summary>
/// <param name="Median">Median, in the unit of the heading.</param>
/// <param name="Min">Minimum, in the same unit.</param>
/// <param name="Max">Maximum, in the same unit.</param>
internal sealed record MedianWithRange(double Median, double Min, double Max) : ITableCell
{
    /// <summary>.NET format string of each number.</summary>
    public string Format { get; init; } = "F1";

    IReadOnlyList<CellNumber> ITableCell.Numbers => [new("", Median), new("min", Min), new("max", Max)];

    /// <summary>"12.3 (11.0 to 15.0)"; invariant culture.</summary>
    public override string ToString() => $"{Print(Median)} ({Print(Min)} to {Print(Max)})";

    private string Print(double number) => number.ToString(Format, CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>Table cell: the p-value of a test.</summary>
/// <param name="Value">The p-value, in [0, 1].</param>
internal sealed record PValue(double Value) : ITableCell
{
    /// <summary>Smaller values are printed as "&lt; 0.001".</summary>
    private const double MinPrinted = 0.001;

    IReadOnlyList<CellNumber> ITableCell.Numbers => [new("", Value)];

    /// <summary>"p = 0.034", "p &lt; 0.001".</summary>
    public string Equation => Value < MinPrinted ? $"p {this}" : $"p = {this}";

    /// <summary>"0.034", "&lt; 0.001"; invariant culture.</summary>
    public override string ToString() => Value < MinPrinted ? "< 0.001" : Value.ToString("F3", CultureInfo.InvariantCulture);
}

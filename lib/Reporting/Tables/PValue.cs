using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>The p-value of a test.</summary>
/// <param name="Value">In [0, 1].</param>
internal sealed record PValue(double Value) : ITableCell
{
    /// <summary>Below it only that it is below is printed.</summary>
    private const double Smallest = 0.001;

    IReadOnlyList<CellNumber> ITableCell.Numbers => [new("", Value)];

    /// <summary>"p = 0.034", "p &lt; 0.001".</summary>
    public string Equation => Value < Smallest ? $"p {this}" : $"p = {this}";

    /// <summary>"0.034", "&lt; 0.001"; invariant culture.</summary>
    public override string ToString() => Value < Smallest ? "< 0.001" : Value.ToString("F3", CultureInfo.InvariantCulture);
}

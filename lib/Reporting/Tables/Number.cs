using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>A number in a table that is printed rounded and kept whole.</summary>
internal sealed record Number : ITableCell
{
    private readonly IFormattable _value;

    /// <param name="value">The number.</param>
    /// <param name="format">How it is printed: a format of .NET, such as "0.0".</param>
    public Number(double value, string format) => (_value, Format) = (value, format);

    /// <param name="value">The count.</param>
    /// <param name="format">How it is printed: "N0" with commas between the thousands.</param>
    public Number(long value, string format) => (_value, Format) = (value, format);

    /// <summary>How it is printed: a format of .NET.</summary>
    public string Format { get; }

    /// <summary>Printed behind the number where the heading names no unit; empty for none.</summary>
    public string Unit { get; init; } = "";

    IReadOnlyList<CellNumber> ITableCell.Numbers => [new("", _value, Unit.Length > 0 ? Unit : null)];

    /// <summary>"12.3", "94.1 %"; invariant culture.</summary>
    public override string ToString() => _value.ToString(Format, CultureInfo.InvariantCulture) + (Unit.Length > 0 ? " " + Unit : "");
}

using System.Globalization;

namespace DeviceId.Reporting;

/// <summary>Table cell: a number that is printed rounded and stored unrounded.</summary>
internal sealed record Number : ITableCell
{
    private readonly IFormattable _value;

    /// <param name="value">The number.</param>
    /// <param name="format">.NET format string, such as "0.0".</param>
    public Number(double value, string format) => (_value, Format) = (value, format);

    /// <param name="value">The number, such as a count.</param>
    /// <param name="format">.NET format string, such as "N0" for thousands separators.</param>
    public Number(long value, string format) => (_value, Format) = (value, format);

    /// <summary>.NET format string.</summary>
    public string Format { get; }

    /// <summary>Unit printed after the number if the heading has none; empty for none.</summary>
    public string Unit { get; init; } = "";

    IReadOnlyList<CellNumber> ITableCell.Numbers => [new("", _value, Unit.Length > 0 ? Unit : null)];

    /// <summary>"12.3", "94.1 %"; invariant culture.</summary>
    public override string ToString() => _value.ToString(Format, CultureInfo.InvariantCulture) + (Unit.Length > 0 ? " " + Unit : "");
}

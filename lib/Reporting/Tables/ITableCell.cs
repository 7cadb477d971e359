namespace DeviceId.Reporting;

/// <summary>A cell of a <see cref="ResultTable"/> with unrounded numbers; its <c>ToString</c> prints them.</summary>
internal interface ITableCell
{
    /// <summary>The numbers, in the order of a data frame's columns; empty if nothing was measured.</summary>
    IReadOnlyList<CellNumber> Numbers { get; }
}

/// <summary>A number of a cell, for a data frame.</summary>
/// <param name="Part">Which of the cell's numbers it is: "low", "high"; empty for the value itself.</param>
/// <param name="Value">A long or a double, not rounded.</param>
/// <param name="Unit">Its unit; empty for none, null for the heading's unit.</param>
internal readonly record struct CellNumber(string Part, object Value, string? Unit = null);

/// <summary>A cell without a number in a numeric column, with the reason: "not stated". In a data frame it is null.</summary>
/// <param name="Reason">The printed reason.</param>
internal sealed record Missing(string Reason) : ITableCell
{
    IReadOnlyList<CellNumber> ITableCell.Numbers => [];

    /// <summary>The reason.</summary>
    public override string ToString() => Reason;
}

namespace DeviceId.Reporting;

/// <summary>A cell of a <see cref="ResultTable"/> that keeps numbers and knows, by its <c>ToString</c>, how they are printed.</summary>
internal interface ITableCell
{
    /// <summary>The numbers, in the order of a data frame's columns; none where nothing was measured.</summary>
    IReadOnlyList<CellNumber> Numbers { get; }
}

/// <summary>A number of a cell, as a data frame takes it.</summary>
/// <param name="Part">Which of the cell's numbers: "low", "high"; empty for the value itself.</param>
/// <param name="Value">A long or a double, not rounded.</param>
/// <param name="Unit">Its unit, empty for none; null where it is the heading's.</param>
internal readonly record struct CellNumber(string Part, object Value, string? Unit = null);

/// <summary>A cell of a numeric column that holds no number, with the reason: "not stated". In a data frame it is null.</summary>
/// <param name="Reason">What is printed.</param>
internal sealed record Missing(string Reason) : ITableCell
{
    IReadOnlyList<CellNumber> ITableCell.Numbers => [];

    /// <summary>The reason.</summary>
    public override string ToString() => Reason;
}

namespace DeviceId.Reporting;

/// <summary>A cell of a <see cref="ResultTable"/> that keeps numbers and knows, by its <c>ToString</c>, how they are printed.</summary>
internal interface ITableCell
{
    /// <summary>The numbers, in the order of a data frame's columns; none where nothing was measured.</summary>
    IReadOnlyList<CellNumber> Numbers { get; }
}

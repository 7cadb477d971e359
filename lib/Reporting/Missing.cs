namespace DeviceId.Reporting;

/// <summary>A cell of a numeric column that holds no number, with the reason: "not stated". In a data frame it is null.</summary>
/// <param name="Reason">What is printed.</param>
internal sealed record Missing(string Reason) : ITableCell
{
    IReadOnlyList<CellNumber> ITableCell.Numbers => [];

    /// <summary>The reason.</summary>
    public override string ToString() => Reason;
}

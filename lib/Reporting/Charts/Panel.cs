namespace DeviceId.Reporting;

/// <summary>A pair of axes with what is drawn between them.</summary>
internal sealed record Panel(Axis X, Axis Y, IReadOnlyList<Mark> Marks)
{
    /// <summary>Heading of a panel among several.</summary>
    public string Title { get; init; } = "";

    /// <summary>Height relative to the figure's other rows.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Space without axes, where a row of panels is not full.</summary>
    public static Panel Blank { get; } = new(new Axis(""), new Axis(""), []);

    /// <summary>Ends of the horizontal axis.</summary>
    public (double From, double To) XRange => X.RangeOf(Marks.SelectMany(mark => mark.XExtent), HasHeatMap ? 0 : Axis.Padding);

    /// <summary>Ends of the vertical axis.</summary>
    public (double From, double To) YRange => Y.RangeOf(Marks.SelectMany(mark => mark.YExtent), HasHeatMap ? 0 : Axis.Padding);

    private bool HasHeatMap => Marks.Any(mark => mark is HeatMapMark);
}

namespace DeviceId.Reporting;

/// <summary>Something drawn between the axes of a chart.</summary>
internal abstract record Mark
{
    /// <summary>Name for the legend and for the pointer; empty for none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Colour as #rrggbb.</summary>
    public string Colour { get; init; } = ChartColours.Lines[0];

    /// <summary>Whether the legend explains this mark.</summary>
    public bool InLegend { get; init; }

    /// <summary>Positions that the horizontal axis must show.</summary>
    public abstract IEnumerable<double> XExtent { get; }

    /// <summary>Positions that the vertical axis must show.</summary>
    public abstract IEnumerable<double> YExtent { get; }
}

/// <summary>Pattern of a line.</summary>
internal enum LinePattern
{
    Solid, Dashed, Dotted
}

/// <summary>Shape of a point.</summary>
internal enum Symbol
{
    Circle, Diamond, Square, Triangle, Cross, None
}

/// <summary>Points joined by a line.</summary>
internal sealed record LineMark(IReadOnlyList<double> X, IReadOnlyList<double> Y) : Mark
{
    public LinePattern Pattern { get; init; }

    /// <summary>Width (pixels).</summary>
    public double Width { get; init; } = 1.8;

    public bool HasPoints { get; init; }

    /// <summary>Whether the values are worth reading off; a frame's are not.</summary>
    public bool IsData { get; init; } = true;

    public override IEnumerable<double> XExtent => X;

    public override IEnumerable<double> YExtent => Y;
}

/// <summary>Area between two lines.</summary>
internal sealed record BandMark(IReadOnlyList<double> X, IReadOnlyList<double> Low, IReadOnlyList<double> High) : Mark
{
    public override IEnumerable<double> XExtent => X;

    public override IEnumerable<double> YExtent => Low.Concat(High);
}

/// <summary>Single points, with intervals and labels if there are any.</summary>
internal sealed record PointsMark(IReadOnlyList<double> X, IReadOnlyList<double> Y) : Mark
{
    public Symbol Symbol { get; init; }

    /// <summary>Diameter (pixels).</summary>
    public double Size { get; init; } = 9;

    /// <summary>How far each interval extends below and above its point; null for none.</summary>
    public (IReadOnlyList<double> Below, IReadOnlyList<double> Above)? Intervals { get; init; }

    /// <summary>Whether the intervals are along the horizontal axis.</summary>
    public bool HasHorizontalIntervals { get; init; }

    /// <summary>Text beside each point; null for none.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Where each label is; as many as labels.</summary>
    public IReadOnlyList<LabelSide> Sides { get; init; } = [];

    /// <summary>Text for each point that appears under the pointer; null for its name.</summary>
    public IReadOnlyList<string>? Remarks { get; init; }

    public override IEnumerable<double> XExtent => HasHorizontalIntervals ? WithIntervals(X) : X;

    public override IEnumerable<double> YExtent => HasHorizontalIntervals ? Y : WithIntervals(Y);

    private IEnumerable<double> WithIntervals(IReadOnlyList<double> values) => Intervals is { } intervals
        ? values.Concat(values.Zip(intervals.Below, (value, below) => value - below))
            .Concat(values.Zip(intervals.Above, (value, above) => value + above))
        : values;
}

/// <summary>Bars from zero.</summary>
internal sealed record BarsMark(IReadOnlyList<double> X, IReadOnlyList<double> Heights, double Width) : Mark
{
    public override IEnumerable<double> XExtent => X.SelectMany(x => new[] { x - (Width / 2), x + (Width / 2) });

    public override IEnumerable<double> YExtent => Heights.Append(0);
}

/// <summary>A matrix (row, column) as colours; row 0 is at the bottom unless the axis is reversed.</summary>
internal sealed record HeatMapMark(double[][] Values) : Mark
{
    /// <summary>Positions of the columns, evenly spaced; null for 0, 1, 2…</summary>
    public IReadOnlyList<double>? X { get; init; }

    /// <summary>Colours from the smallest to the largest value.</summary>
    public required IReadOnlyList<string> Scale { get; init; }

    /// <summary>Values of the first and the last colour.</summary>
    public required (double From, double To) Range { get; init; }

    /// <summary>Whether the colour scale is drawn beside the map.</summary>
    public bool HasScale { get; init; } = true;

    /// <summary>Title of the colour scale.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Distance of two columns.</summary>
    public double Step => X is { Count: > 1 } ? (X[^1] - X[0]) / (X.Count - 1) : 1;

    public override IEnumerable<double> XExtent
    {
        get
        {
            var columns = Values.Length == 0 ? 0 : Values[0].Length;
            var first = X is { Count: > 0 } ? X[0] : 0;
            return [first - (Step / 2), first + (Step * (columns - 0.5))];
        }
    }

    public override IEnumerable<double> YExtent => [-0.5, Values.Length - 0.5];
}

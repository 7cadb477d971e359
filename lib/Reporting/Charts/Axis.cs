namespace DeviceId.Reporting;

/// <summary>An axis of a chart.</summary>
/// <param name="Title">Quantity with unit.</param>
internal sealed record Axis(string Title)
{
    /// <summary>Space between the outermost values and the ends of an axis, as a fraction of their distance.</summary>
    public const double Padding = 0.03;

    /// <summary>Of a logarithmic axis over more decades than this, only powers of ten have ticks.</summary>
    private const int MaxDividedDecades = 3;

    /// <summary>Whether equal distances are equal ratios.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Ends, the second above or to the right of the first; null to fit the values.</summary>
    public (double From, double To)? Range { get; init; }

    /// <summary>Positions with labels; null for round numbers.</summary>
    public IReadOnlyList<(double Position, string Label)>? Ticks { get; init; }

    /// <summary>Whether there are grid lines.</summary>
    public bool HasGrid { get; init; } = true;

    /// <summary>Whether ticks have labels.</summary>
    public bool HasLabels { get; init; } = true;

    /// <summary>Size of the labels (pixels).</summary>
    public int LabelPixels { get; init; } = 12;

    /// <summary>Whether labels are written upwards.</summary>
    public bool HasUprightLabels { get; init; }

    /// <summary>An axis with a name at 0, 1, 2…</summary>
    public static Axis OfNames(IReadOnlyList<string> names, string title = "") => new(title)
    {
        Ticks = [.. names.Select((name, i) => ((double)i, name))], HasGrid = false,
    };

    /// <summary>The ends: the given ones, or those that fit the values.</summary>
    /// <param name="values">Values; those that the axis cannot show are left out.</param>
    /// <param name="padding">Space at each end, as a fraction of the distance.</param>
    public (double From, double To) RangeOf(IEnumerable<double> values, double padding)
    {
        if (Range is { } given)
            return given;
        var shown = values.Where(value => double.IsFinite(value) && (!IsLogarithmic || value > 0)).Select(Position).ToList();
        if (shown.Count == 0)
            return IsLogarithmic ? (1, 10) : (0, 1);
        var (low, high) = (shown.Min(), shown.Max());
        var space = high > low ? padding * (high - low) : IsLogarithmic ? 0.5 : Math.Max(0.5, 0.1 * Math.Abs(low));
        return (Value(low - space), Value(high + space));
    }

    /// <summary>Where a value lies on an evenly divided axis.</summary>
    public double Position(double value) => IsLogarithmic ? Math.Log10(value) : value;

    /// <summary>Ticks of a logarithmic axis: 1, 2 and 5 of each decade, or powers of ten if there are many decades.</summary>
    public static IReadOnlyList<(double Position, string Label)> LogarithmicTicks((double From, double To) range)
    {
        var (low, high) = (Math.Min(range.From, range.To), Math.Max(range.From, range.To));
        var decades = Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 2);
        int[] steps = Math.Log10(high / low) > MaxDividedDecades ? [1] : [1, 2, 5];
        return [.. decades.SelectMany(decade => steps.Select(step => step * Math.Pow(10, decade)))
            .Where(value => value >= low && value <= high).Select(value => (value, ChartNumber.Text(value)))];
    }

    private double Value(double position) => IsLogarithmic ? Math.Pow(10, position) : position;
}

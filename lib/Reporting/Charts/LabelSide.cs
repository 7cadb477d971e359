namespace DeviceId.Reporting;

/// <summary>Where a label is, seen from its point.</summary>
internal enum LabelSide
{
    Right, Left, Above, Below
}

/// <summary>Places the labels of points so that they cover neither points nor each other, as far as four sides allow.</summary>
internal static class LabelPlacement
{
    // Sizes in pixels of a chart on a page of 600 pixels: what fits there fits wider pages too.
    private const double Width = 520;
    private const double Height = 330;
    private const double LetterWidth = 6.5;
    private const double LineHeight = 16;
    private const double Distance = 9;
    private const double Cap = 6;
    private const int Rounds = 3;
    private const int IntervalWeight = 1;
    private const int PointWeight = 3;
    private const int LabelWeight = 5;
    private const int OutsideWeight = 10;

    /// <summary>A side for each label: the first one on which it is free, else the one where it does the least harm.</summary>
    /// <param name="points">Positions, and ends of the vertical intervals, as fractions of the axes' lengths.</param>
    /// <param name="labels">One text per point.</param>
    public static IReadOnlyList<LabelSide> Place(
        IReadOnlyList<(double X, double Y, double Low, double High)> points, IReadOnlyList<string> labels)
    {
        List<Box> obstacles =
        [
            .. points.Select(point => new Box(point.X * Width, point.Y * Height, Distance, Distance, PointWeight)),
            .. points.Select(point =>
                new Box(point.X * Width, (point.Low + point.High) / 2 * Height, Cap, (point.High - point.Low) * Height, IntervalWeight)),
        ];
        var placed = new (LabelSide Side, Box Box)?[points.Count];
        // The first round knows only the labels before each one; the next ones know all.
        for (var round = 0; round < Rounds; round++)
            for (var i = 0; i < points.Count; i++)
            {
                var others = placed.Where((label, other) => other != i && label is not null).Select(label => label!.Value.Box);
                placed[i] = Best((points[i].X, points[i].Y), labels[i], [.. obstacles, .. others]);
            }

        return [.. placed.Select(label => label!.Value.Side)];
    }

    private static (LabelSide Side, Box Box) Best((double X, double Y) point, string label, IReadOnlyList<Box> taken) =>
        Enum.GetValues<LabelSide>().Select(side => (Side: side, Box: BoxAt(point, label, side)))
            .MinBy(candidate => taken.Where(candidate.Box.Overlaps).Sum(box => box.Weight) + (candidate.Box.IsInside ? 0 : OutsideWeight));

    private static Box BoxAt((double X, double Y) point, string label, LabelSide side)
    {
        var (x, y, width) = (point.X * Width, point.Y * Height, label.Length * LetterWidth);
        return side switch
        {
            LabelSide.Right => new(x + Distance + (width / 2), y, width, LineHeight, LabelWeight),
            LabelSide.Left => new(x - Distance - (width / 2), y, width, LineHeight, LabelWeight),
            LabelSide.Above => new(x, y + Distance + (LineHeight / 2), width, LineHeight, LabelWeight),
            _ => new(x, y - Distance - (LineHeight / 2), width, LineHeight, LabelWeight),
        };
    }

    /// <summary>A rectangle, by its centre, and how bad it is to cover it.</summary>
    private readonly record struct Box(double X, double Y, double Width, double Height, int Weight)
    {
        public bool IsInside => X - (Width / 2) >= 0 && X + (Width / 2) <= LabelPlacement.Width;

        public bool Overlaps(Box other) => Math.Abs(X - other.X) < (Width + other.Width) / 2
            && Math.Abs(Y - other.Y) < (Height + other.Height) / 2;
    }
}

using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>Where a thread multiplies: panels of the right factor, and what tiles want whole where a factor ends.</summary>
internal sealed class GemmWorkspace
{
    /// <summary>Numbers of all panels: they stay in the second-level cache.</summary>
    public const int PanelNumbers = 1 << 16;

    /// <summary>Steps of a panel at most.</summary>
    public const int MostSteps = 256;

    /// <summary>Columns of panels of so many steps: a row of sums.</summary>
    public const int SumColumns = PanelNumbers / MostSteps;

    [ThreadStatic]
    private static GemmWorkspace? t_own;

    private readonly AlignedFloats _panels = new(PanelNumbers);
    private readonly AlignedFloats _rows = new(MatrixTile.Rows * MostSteps);
    private readonly AlignedFloats _sums = new(MatrixTile.Rows * SumColumns);

    private GemmWorkspace()
    {
    }

    /// <summary>The calling thread's.</summary>
    public static GemmWorkspace Own => t_own ??= new();

    /// <summary>(panel, step, column of the panel).</summary>
    public Span<float> Panels => _panels.Span;

    /// <summary>Sums of a row of tiles that do not lie in the result: six rows of at most <see cref="SumColumns"/>.</summary>
    public Span<float> Sums => _sums.Span;

    /// <summary>Some rows of a left factor, as many as a tile reads: where it has fewer, they are copied to where there are as many.</summary>
    /// <param name="left">(row, step).</param>
    /// <param name="leftRow">From one row to the next.</param>
    /// <param name="row">The first one.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="height">How many a tile reads.</param>
    /// <param name="firstStep">The first step that counts.</param>
    /// <param name="steps">How many, at most <see cref="MostSteps"/>.</param>
    /// <param name="aRow">From one row of what is returned to the next.</param>
    public ref float Rows(Span<float> left, int leftRow, int row, int rows, int height, int firstStep, int steps, out int aRow)
    {
        if (rows == height)
        {
            aRow = leftRow;
            return ref left[(row * leftRow) + firstStep];
        }

        for (var i = 0; i < rows; i++)
            left.Slice(((row + i) * leftRow) + firstStep, steps).CopyTo(_rows.Span[(i * steps)..]);
        aRow = steps;
        return ref _rows[0];
    }

    /// <summary>Makes a panel of some columns, zeros where it is wider than they.</summary>
    /// <param name="right">First of the panel's numbers in the right factor.</param>
    /// <param name="rightRow">From one row to the next.</param>
    /// <param name="steps">Rows.</param>
    /// <param name="columns">Columns that there are.</param>
    /// <param name="width">Of the panel.</param>
    /// <param name="at">Where it begins among the panels.</param>
    public void Pack(Span<float> right, int rightRow, int steps, int columns, int width, int at)
    {
        var panel = Panels.Slice(at, steps * width);
        if (columns < width)
            panel.Clear();
        for (var step = 0; step < steps; step++)
            right.Slice(step * rightRow, columns).CopyTo(panel[(step * width)..]);
    }
}

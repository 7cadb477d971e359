using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>A thread's workspace: panels of the right operand, and padded copies of rows and sums at the edges of the operands.</summary>
internal sealed class GemmWorkspace
{
    /// <summary>Values of all panels: they stay in the L2 cache.</summary>
    public const int PanelValues = 1 << 16;

    /// <summary>Max inner dimension of a panel.</summary>
    public const int MaxInner = 256;

    /// <summary>Columns of all panels at the max inner dimension: a row of sums.</summary>
    public const int SumColumns = PanelValues / MaxInner;

    [ThreadStatic]
    private static GemmWorkspace? s_own;

    private readonly AlignedBuffer _panels = new(PanelValues);
    private readonly AlignedBuffer _rows = new(MicroKernel.Rows * MaxInner);
    private readonly AlignedBuffer _sums = new(MicroKernel.Rows * SumColumns);

    private GemmWorkspace()
    {
    }

    /// <summary>The calling thread's workspace.</summary>
    public static GemmWorkspace Own => s_own ??= new();

    /// <summary>(panel, inner, column of the panel).</summary>
    public Span<float> Panels => _panels.Span;

    /// <summary>Sums of a row of micro-kernels that do not lie in the result: six rows of at most <see cref="SumColumns"/>.</summary>
    public Span<float> Sums => _sums.Span;

    /// <summary>Rows of the left operand, as many as a micro-kernel reads: where the operand ends earlier, a padded copy of them.</summary>
    /// <param name="left">(row, inner).</param>
    /// <param name="leftRow">Row stride of <paramref name="left"/>.</param>
    /// <param name="row">The first row.</param>
    /// <param name="rows">Rows that exist.</param>
    /// <param name="height">Rows that the micro-kernel reads.</param>
    /// <param name="firstK">First index of the inner dimension.</param>
    /// <param name="inner">Inner dimension, at most <see cref="MaxInner"/>.</param>
    /// <param name="aRow">Row stride of the returned rows.</param>
    public ref float Rows(Span<float> left, int leftRow, int row, int rows, int height, int firstK, int inner, out int aRow)
    {
        if (rows == height)
        {
            aRow = leftRow;
            return ref left[(row * leftRow) + firstK];
        }

        for (var i = 0; i < rows; i++)
            left.Slice(((row + i) * leftRow) + firstK, inner).CopyTo(_rows.Span[(i * inner)..]);
        aRow = inner;
        return ref _rows[0];
    }

    /// <summary>Packs a panel, padded with zeros to its width.</summary>
    /// <param name="right">The right operand from the panel's first value on.</param>
    /// <param name="rightRow">Row stride of <paramref name="right"/>.</param>
    /// <param name="inner">Rows.</param>
    /// <param name="columns">Columns that exist.</param>
    /// <param name="width">Columns of the panel.</param>
    /// <param name="at">Offset of the panel in <see cref="Panels"/>.</param>
    public void Pack(Span<float> right, int rightRow, int inner, int columns, int width, int at)
    {
        var panel = Panels.Slice(at, inner * width);
        if (columns < width)
            panel.Clear();
        for (var k = 0; k < inner; k++)
            right.Slice(k * rightRow, columns).CopyTo(panel[(k * width)..]);
    }
}

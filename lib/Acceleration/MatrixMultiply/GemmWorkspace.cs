using DeviceId.Acceleration.Simd;

namespace DeviceId.Acceleration.MatrixMultiply;

/// <summary>The workspace of a thread: panels of the right operand, and scratch buffers for rows and sums at the edges.</summary>
internal sealed class GemmWorkspace
{
    /// <summary>Values in all panels together: small enough for the L2 cache.</summary>
    public const int PanelValues = 1 << 16;

    /// <summary>Maximum inner dimension of a panel.</summary>
    public const int MaxInner = 256;

    /// <summary>Columns of all panels at the maximum inner dimension.</summary>
    public const int SumColumns = PanelValues / MaxInner;

    [ThreadStatic]
    private static GemmWorkspace? s_current;

    private readonly AlignedBuffer _panels = new(PanelValues);
    private readonly AlignedBuffer _rows = new(MicroKernel.Rows * MaxInner);
    private readonly AlignedBuffer _sums = new(MicroKernel.Rows * SumColumns);

    private GemmWorkspace()
    {
    }

    /// <summary>The calling thread's workspace.</summary>
    public static GemmWorkspace Current => s_current ??= new();

    /// <summary>(panel, inner, column in the panel).</summary>
    public Span<float> Panels => _panels.Span;

    /// <summary>Scratch buffer for micro-kernels that extend beyond the result: six rows of at most <see cref="SumColumns"/>.</summary>
    public Span<float> Sums => _sums.Span;

    /// <summary>Rows of the left operand for a micro-kernel; a padded copy where the operand has fewer rows left.</summary>
    /// <param name="left">(row, inner).</param>
    /// <param name="leftRow">Row stride of <paramref name="left"/>.</param>
    /// <param name="row">The first row.</param>
    /// <param name="rows">Rows that are left in the operand.</param>
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
    /// <param name="right">The right operand, starting with the first value of the panel.</param>
    /// <param name="rightRow">Row stride of <paramref name="right"/>.</param>
    /// <param name="inner">Inner dimension: rows of the panel.</param>
    /// <param name="columns">Columns that are left in the operand.</param>
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

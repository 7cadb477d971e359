using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration.MatrixMultiply;

public sealed class TilesTests
{
    [Fact]
    public void ProductsOfAnyNumberOfRowsAreThoseOfTheirSumsAndTouchNothingBeyondWholeTiles()
    {
        Check<Lanes512>();
        Check<Lanes256>();
        Check<Lanes128>();

        static void Check<T>()
            where T : struct, ILanes<T>
        {
            if (!T.IsSupported)
                return;
            // More than are taken together between two questions for what comes next.
            const int Steps = 19;
            // A wide and a narrow panel where there are wide ones, else three narrow ones.
            var columns = WideTile.Columns<T>() + MatrixTile.Columns<T>();
            for (var rows = 1; rows <= 17; rows++)
            {
                var random = new Random(rows);
                var (a, b, c) = (RandomFloats.Whole(Tiles.Filled(rows) * Steps, random), RandomFloats.Whole(Steps * columns, random), RandomFloats.Whole((Tiles.Filled(rows) + 1) * columns, random));
                var (before, panels, inRows) = (c.Span.ToArray(), new AlignedFloats(Steps * columns), new AlignedFloats(c.Length));
                c.Span.CopyTo(inRows.Span);
                for (var step = 0; step < Steps; step++)
                    Tiles.Pack<T>(b.Span.Slice(step * columns, columns), step, Steps, columns, panels.Span);
                Tiles.Multiply<T>(a.Span, Steps, 1, panels.Span, Steps, c.Span, columns, rows, columns, fresh: false, soon: b.Span);
                Tiles.MultiplyRows<T>(a.Span, Steps, 1, b.Span, columns, Steps, inRows.Span, columns, rows, columns, fresh: false);
                for (var i = 0; i < c.Length; i++)
                {
                    var (row, column) = (i / columns, i % columns);
                    // Whole numbers: every sum is exact.
                    var expected = before[i] + Enumerable.Range(0, Steps).Sum(s => row < rows ? a[(row * Steps) + s] * b[(s * columns) + column] : 0);
                    if (row < rows || row >= Tiles.Filled(rows))
                        Assert.Equal((expected, expected), (c[i], inRows[i]));
                }
            }
        }
    }

    [Fact]
    public void ATileOfRowsHasTheNumbersOfATileOfTheirPanelAndLeavesThePanelBehind()
    {
        Check<Lanes512>(WideTile.Columns<Lanes512>());
        Check<Lanes512>(MatrixTile.Columns<Lanes512>());
        Check<Lanes256>(MatrixTile.Columns<Lanes256>());
        Check<Lanes128>(MatrixTile.Columns<Lanes128>());

        static void Check<T>(int width)
            where T : struct, ILanes<T>
        {
            if (!T.IsSupported)
                return;
            const int Steps = 11;
            var (random, right) = (new Random(width), width + 5);
            var (a, b, c) = (RandomFloats.Fractions(MatrixTile.Rows * Steps, random), RandomFloats.Fractions(Steps * right, random), RandomFloats.Fractions(MatrixTile.Rows * width, random));
            var (expected, panel, left) = (new AlignedFloats(c.Length), new AlignedFloats(Steps * width), new AlignedFloats(Steps * width));
            for (var step = 0; step < Steps; step++)
                b.Span.Slice(step * right, width).CopyTo(panel.Span[(step * width)..]);
            foreach (var fresh in new[] { false, true })
            {
                c.Span.CopyTo(expected.Span);
                Tiles.Tile<T>(ref a[0], Steps, 1, ref panel[0], Steps, ref expected[0], width, width, fresh);
                left.Span.Clear();
                Tiles.PackingTile<T>(ref a[0], Steps, 1, ref b[0], right, Steps, ref c[0], width, width, fresh, ref left[0]);
                // To the bit: both sum in the order of the steps.
                Assert.Equal(expected.Span.ToArray(), c.Span.ToArray());
                Assert.Equal(panel.Span.ToArray(), left.Span.ToArray());
            }
        }
    }

    [Fact]
    public void ARowThatIsTooShortLeavesWhatLiesBehindItInThePanels()
    {
        var columns = WideTile.Columns<Lanes128>();
        var panels = new AlignedFloats(2 * columns);
        Tiles.Pack<Lanes128>(Enumerable.Repeat(1f, columns - 3).ToArray(), 1, 2, columns, panels.Span);
        Assert.Equal(columns - 3, panels.Span.ToArray().Sum());
    }
}

using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration.MatrixMultiply;

public sealed class PanelGemmTests
{
    [Fact]
    public void ProductsOfAnyNumberOfRowsAreRightAndTouchNothingBeyondWholeMicroKernels()
    {
        SupportedWidths.Each(Check<Simd128>);

        static void Check<T>()
            where T : struct, ISimdVector<T>
        {
            // More than lie between two prefetches.
            const int Inner = 19;
            // A wide and a narrow panel where there are wide ones, else three narrow ones.
            var columns = WideMicroKernel.Columns<T>() + MicroKernel.Columns<T>();
            for (var rows = 1; rows <= 17; rows++)
            {
                var random = new Random(rows);
                var (a, b) = (RandomFloats.Whole(PanelGemm.PadRows(rows) * Inner, random), RandomFloats.Whole(Inner * columns, random));
                var c = RandomFloats.Whole((PanelGemm.PadRows(rows) + 1) * columns, random);
                var (before, panels, inRows) = (c.Span.ToArray(), new AlignedBuffer(Inner * columns), new AlignedBuffer(c.Length));
                c.Span.CopyTo(inRows.Span);
                for (var k = 0; k < Inner; k++)
                    PanelGemm.Pack<T>(b.Span.Slice(k * columns, columns), k, Inner, columns, panels.Span);
                PanelGemm.Multiply<T>(
                    a.Span, Inner, 1, panels.Span, Inner, c.Span, columns, rows, columns, overwrite: false, prefetch: b.Span);
                PanelGemm.MultiplyRows<T>(
                    a.Span, Inner, 1, b.Span, columns, Inner, inRows.Span, columns, rows, columns, overwrite: false);
                for (var i = 0; i < c.Length; i++)
                {
                    var (row, column) = (i / columns, i % columns);
                    // Whole numbers: every sum is exact.
                    float Product(int k) => row < rows ? a[(row * Inner) + k] * b[(k * columns) + column] : 0;
                    var expected = before[i] + Enumerable.Range(0, Inner).Sum(Product);
                    if (row < rows || row >= PanelGemm.PadRows(rows))
                        Assert.Equal((expected, expected), (c[i], inRows[i]));
                }
            }
        }
    }

    [Fact]
    public void MultiplyingRowsGivesTheBitsOfTheirPanelAndPacksIt()
    {
        SupportedWidths.Each(Check<Simd128>);

        static void Check<T>()
            where T : struct, ISimdVector<T>
        {
            CheckPanel<T>(MicroKernel.Columns<T>());
            // Wide panels are used where registers have 512 bits.
            if (typeof(T) == typeof(Simd512))
                CheckPanel<T>(WideMicroKernel.Columns<T>());
        }

        static void CheckPanel<T>(int width)
            where T : struct, ISimdVector<T>
        {
            const int Inner = 11;
            var (random, right) = (new Random(width), width + 5);
            var (a, b) = (RandomFloats.Fractions(MicroKernel.Rows * Inner, random), RandomFloats.Fractions(Inner * right, random));
            var c = RandomFloats.Fractions(MicroKernel.Rows * width, random);
            var (expected, panel, left) = (new AlignedBuffer(c.Length), new AlignedBuffer(Inner * width), new AlignedBuffer(Inner * width));
            for (var k = 0; k < Inner; k++)
                b.Span.Slice(k * right, width).CopyTo(panel.Span[(k * width)..]);
            foreach (var overwrite in new[] { false, true })
            {
                c.Span.CopyTo(expected.Span);
                PanelGemm.RunMicroKernel<T>(ref a[0], Inner, 1, ref panel[0], Inner, ref expected[0], width, width, overwrite);
                left.Span.Clear();
                PanelGemm.RunMicroKernelAndPack<T>(
                    ref a[0], Inner, 1, ref b[0], right, Inner, ref c[0], width, width, overwrite, ref left[0]);
                // To the bit: both sum in the order of the inner.
                Assert.Equal(expected.Span.ToArray(), c.Span.ToArray());
                Assert.Equal(panel.Span.ToArray(), left.Span.ToArray());
            }
        }
    }

    [Fact]
    public void PackingAShortRowLeavesTheRestOfThePanels()
    {
        var columns = WideMicroKernel.Columns<Simd128>();
        var panels = new AlignedBuffer(2 * columns);
        PanelGemm.Pack<Simd128>(Enumerable.Repeat(1f, columns - 3).ToArray(), 1, 2, columns, panels.Span);
        Assert.Equal(columns - 3, panels.Span.ToArray().Sum());
    }
}

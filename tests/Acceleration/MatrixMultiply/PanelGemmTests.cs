using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration.MatrixMultiply;

public sealed class PanelGemmTests
{
    [Fact]
    public void ProductsOfAnyNumberOfRowsAreExactAndWriteNothingBeyondWholeMicroKernels()
    {
        SupportedWidths.Each(Check<Simd128>);

        static void Check<T>()
            where T : struct, ISimdVector<T>
        {
            // More than one prefetch interval.
            const int Inner = 19;
            // A wide and a narrow panel, or three narrow panels where the wide micro-kernel is not used.
            var columns = WideMicroKernel.Columns<T>() + MicroKernel.Columns<T>();
            for (var rows = 1; rows <= 17; rows++)
            {
                var random = new Random(rows);
                var a = RandomFloats.Integers(PanelGemm.PadRows(rows) * Inner, random);
                var b = RandomFloats.Integers(Inner * columns, random);
                var c = RandomFloats.Integers((PanelGemm.PadRows(rows) + 1) * columns, random);
                var (before, panels, rowMajor) = (c.Span.ToArray(), new AlignedBuffer(Inner * columns), new AlignedBuffer(c.Length));
                c.Span.CopyTo(rowMajor.Span);
                for (var k = 0; k < Inner; k++)
                    PanelGemm.Pack<T>(b.Span.Slice(k * columns, columns), k, Inner, columns, panels.Span);
                PanelGemm.Multiply<T>(
                    a.Span, Inner, 1, panels.Span, Inner, c.Span, columns, rows, columns, overwrite: false, prefetch: b.Span);
                PanelGemm.MultiplyRows<T>(
                    a.Span, Inner, 1, b.Span, columns, Inner, rowMajor.Span, columns, rows, columns, overwrite: false);
                for (var i = 0; i < c.Length; i++)
                {
                    var (row, column) = (i / columns, i % columns);
                    // Integers: every sum is exact.
                    float Product(int k) => row < rows ? a[(row * Inner) + k] * b[(k * columns) + column] : 0;
                    var expected = before[i] + Enumerable.Range(0, Inner).Sum(Product);
                    if (row < rows || row >= PanelGemm.PadRows(rows))
                        Assert.Equal((expected, expected), (c[i], rowMajor[i]));
                }
            }
        }
    }

    [Fact]
    public void MultiplyAndPackGivesTheBitsOfThePackedPanelAndPacksIt()
    {
        SupportedWidths.Each(Check<Simd128>);

        static void Check<T>()
            where T : struct, ISimdVector<T>
        {
            CheckPanel<T>(MicroKernel.Columns<T>());
            // Wide panels are used with 512-bit registers.
            if (typeof(T) == typeof(Simd512))
                CheckPanel<T>(WideMicroKernel.Columns<T>());
        }

        static void CheckPanel<T>(int width)
            where T : struct, ISimdVector<T>
        {
            const int Inner = 11;
            var (random, bRow) = (new Random(width), width + 5);
            var (a, b) = (RandomFloats.Uniform(MicroKernel.Rows * Inner, random), RandomFloats.Uniform(Inner * bRow, random));
            var c = RandomFloats.Uniform(MicroKernel.Rows * width, random);
            var expected = new AlignedBuffer(c.Length);
            var (panel, packed) = (new AlignedBuffer(Inner * width), new AlignedBuffer(Inner * width));
            for (var k = 0; k < Inner; k++)
                b.Span.Slice(k * bRow, width).CopyTo(panel.Span[(k * width)..]);
            foreach (var overwrite in new[] { false, true })
            {
                c.Span.CopyTo(expected.Span);
                PanelGemm.RunMicroKernel<T>(ref a[0], Inner, 1, ref panel[0], Inner, ref expected[0], width, width, overwrite);
                packed.Span.Clear();
                PanelGemm.RunMicroKernelAndPack<T>(
                    ref a[0], Inner, 1, ref b[0], bRow, Inner, ref c[0], width, width, overwrite, ref packed[0]);
                // Bit-identical: both sum in the order of k.
                Assert.Equal(expected.Span.ToArray(), c.Span.ToArray());
                Assert.Equal(panel.Span.ToArray(), packed.Span.ToArray());
            }
        }
    }

    [Fact]
    public void PackingAShortRowLeavesTheOtherColumnsUnchanged()
    {
        var columns = WideMicroKernel.Columns<Simd128>();
        var panels = new AlignedBuffer(2 * columns);
        PanelGemm.Pack<Simd128>(Enumerable.Repeat(1f, columns - 3).ToArray(), 1, 2, columns, panels.Span);
        Assert.Equal(columns - 3, panels.Span.ToArray().Sum());
    }
}

using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration.MatrixMultiply;

public sealed class WideMicroKernelTests
{
    [Theory]
    [InlineData(1, 1, 6)]
    [InlineData(7, 9, 1)]
    [InlineData(50, 1, 8)]
    public void TheWideMicroKernelGivesTheSameBitsAsNarrowOnes(int inner, int aRow, int aInner)
    {
        // Also with vectors of 256 bits or less, where it is slower than the narrow one but must be correct.
        SupportedWidths.Each(Check<Simd128>);

        void Check<T>()
            where T : struct, ISimdVector<T>
        {
            var (narrow, wide) = (MicroKernel.Columns<T>(), WideMicroKernel.Columns<T>());
            var random = new Random(inner);
            var a = RandomFloats.Uniform((5 * aRow) + ((inner - 1) * aInner) + 1, random);
            var b = RandomFloats.Uniform(inner * wide, random);
            var (actual, expected) = (RandomFloats.Uniform(MicroKernel.Rows * wide, random), new AlignedBuffer(MicroKernel.Rows * wide));
            foreach (var overwrite in new[] { false, true })
            {
                actual.Span.CopyTo(expected.Span);
                WideMicroKernel.Multiply<T>(ref a[0], aRow, aInner, ref b[0], wide, inner, ref actual[0], wide, overwrite, ref a[0], 0);
                for (var first = 0; first < wide; first += narrow)
                {
                    var panel = new AlignedBuffer(inner * narrow);
                    for (var k = 0; k < inner; k++)
                        b.Span.Slice((k * wide) + first, narrow).CopyTo(panel.Span[(k * narrow)..]);
                    MicroKernel.Multiply<T>(
                        ref a[0], aRow, aInner, ref panel[0], MicroKernel.Columns<T>(), inner, ref expected[first], wide, overwrite);
                }

                // Bit-identical: both sum in the order of k.
                Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
            }
        }
    }
}

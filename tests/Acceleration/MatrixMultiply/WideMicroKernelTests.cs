using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration.MatrixMultiply;

public sealed class WideMicroKernelTests
{
    [Theory]
    [InlineData(1, 1, 6)]
    [InlineData(7, 9, 1)]
    [InlineData(50, 1, 8)]
    public void TheWideMicroKernelComputesTheSameBitsAsNarrowOnes(int inner, int aRow, int aInner)
    {
        // 256 bits too, where it is slower than the narrow one, and right all the same.
        SupportedWidths.Each(Check<Simd128>);

        void Check<T>()
            where T : struct, ISimdVector<T>
        {
            var (narrow, wide) = (MicroKernel.Columns<T>(), WideMicroKernel.Columns<T>());
            var random = new Random(inner);
            var a = RandomFloats.Fractions((5 * aRow) + ((inner - 1) * aInner) + 1, random);
            var b = RandomFloats.Fractions(inner * wide, random);
            var (ours, expected) = (RandomFloats.Fractions(MicroKernel.Rows * wide, random), new AlignedBuffer(MicroKernel.Rows * wide));
            foreach (var overwrite in new[] { false, true })
            {
                ours.Span.CopyTo(expected.Span);
                WideMicroKernel.Multiply<T>(ref a[0], aRow, aInner, ref b[0], wide, inner, ref ours[0], wide, overwrite, ref a[0], 0);
                for (var first = 0; first < wide; first += narrow)
                {
                    var part = new AlignedBuffer(inner * narrow);
                    for (var k = 0; k < inner; k++)
                        b.Span.Slice((k * wide) + first, narrow).CopyTo(part.Span[(k * narrow)..]);
                    MicroKernel.Multiply<T>(
                        ref a[0], aRow, aInner, ref part[0], MicroKernel.Columns<T>(), inner, ref expected[first], wide, overwrite);
                }

                // To the bit: both sum in the order of the inner.
                Assert.Equal(expected.Span.ToArray(), ours.Span.ToArray());
            }
        }
    }
}

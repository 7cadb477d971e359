using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration.Simd;

public sealed class SimdTests
{
    [Fact]
    public void TheExponentialIsAccurateToTwoRoundings()
    {
        SupportedWidths.Each(Check<Simd128>);

        static void Check<T>()
            where T : struct, ISimdVector<T>
        {
            var values = new AlignedBuffer(T.Count);
            for (var x = -87f; x <= 80; x += 0.0137f * T.Count)
            {
                for (var i = 0; i < T.Count; i++)
                    values[i] = x + (0.0137f * i);
                var exponents = values.Span.ToArray();
                T.Store(SimdMath.Exp(T.Load(ref values[0])), ref values[0]);
                for (var i = 0; i < T.Count; i++)
                    Assert.InRange((values[i] / Math.Exp(exponents[i])) - 1, -2e-7, 2e-7);
            }
        }
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 1.7e-38f)]
    [InlineData(-1e30f, 1.7e-38f)]
    [InlineData(float.NaN, float.NaN)]
    public void ExpOfVeryNegativeValuesIsNearZeroAndOfNaNIsNaN(float x, float max)
    {
        var values = new AlignedBuffer(Simd128.Count);
        Simd128.Store(SimdMath.Exp(Simd128.Broadcast(x)), ref values[0]);
        Assert.True(float.IsNaN(max) ? float.IsNaN(values[3]) : values[3] >= 0 && values[3] <= max);
    }

    [Fact]
    public void AMicroKernelMultipliesMatricesOfAnyStridesAndAddsToTheResult()
    {
        SupportedWidths.Each(Check<Simd128>);

        static void Check<T>()
            where T : struct, ISimdVector<T>
        {
            var columns = MicroKernel.Columns<T>();
            // Integers: every sum is exact.
            foreach (var (inner, aRow, aInner) in new[] { (1, 1, 6), (7, 9, 1), (50, 1, 8) })
            {
                var random = new Random(inner);
                var a = RandomFloats.Integers((5 * aRow) + ((inner - 1) * aInner) + 1, random);
                var b = RandomFloats.Integers(inner * columns, random);
                var c = RandomFloats.Integers(MicroKernel.Rows * columns, random);
                var before = c.Span.ToArray();
                double Product(int row, int column) =>
                    Enumerable.Range(0, inner).Sum(k => (double)a[(row * aRow) + (k * aInner)] * b[(k * columns) + column]);
                MicroKernel.Multiply<T>(ref a[0], aRow, aInner, ref b[0], columns, inner, ref c[0], columns, overwrite: false);
                for (var i = 0; i < c.Length; i++)
                    Assert.Equal(before[i] + Product(i / columns, i % columns), c[i]);
                MicroKernel.Multiply<T>(ref a[0], aRow, aInner, ref b[0], columns, inner, ref c[0], columns, overwrite: true);
                for (var i = 0; i < c.Length; i++)
                    Assert.Equal(Product(i / columns, i % columns), c[i]);
            }
        }
    }
}

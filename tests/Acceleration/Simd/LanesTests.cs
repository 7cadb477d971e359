using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration.Simd;

public sealed class LanesTests
{
    [Fact]
    public void TheExponentialIsGoodToTwoRoundings()
    {
        Check<Lanes512>();
        Check<Lanes256>();
        Check<Lanes128>();

        static void Check<T>()
            where T : struct, ILanes<T>
        {
            if (!T.IsSupported)
                return;
            var values = new AlignedFloats(T.Count);
            for (var x = -87f; x <= 80; x += 0.0137f * T.Count)
            {
                for (var i = 0; i < T.Count; i++)
                    values[i] = x + (0.0137f * i);
                var given = values.Span.ToArray();
                T.Store(LanesMath.Exp(T.Load(ref values[0])), ref values[0]);
                for (var i = 0; i < T.Count; i++)
                    Assert.InRange((values[i] / Math.Exp(given[i])) - 1, -2e-7, 2e-7);
            }
        }
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 1.7e-38f)]
    [InlineData(-1e30f, 1.7e-38f)]
    [InlineData(float.NaN, float.NaN)]
    public void WhatIsFarBelowBecomesAsGoodAsNothingAndNoNumberStaysNone(float x, float most)
    {
        var values = new AlignedFloats(Lanes128.Count);
        Lanes128.Store(LanesMath.Exp(Lanes128.Spread(x)), ref values[0]);
        Assert.True(float.IsNaN(most) ? float.IsNaN(values[3]) : values[3] >= 0 && values[3] <= most);
    }

    [Fact]
    public void ATileIsAMatrixProductWhateverItsStridesAndAddsToWhatIsThere()
    {
        Check<Lanes512>();
        Check<Lanes256>();
        Check<Lanes128>();

        static void Check<T>()
            where T : struct, ILanes<T>
        {
            if (!T.IsSupported)
                return;
            var columns = MatrixTile.Columns<T>();
            // Whole numbers: every sum is exact.
            foreach (var (steps, aRow, aStep) in new[] { (1, 1, 6), (7, 9, 1), (50, 1, 8) })
            {
                var random = new Random(steps);
                var a = RandomFloats.Whole((5 * aRow) + ((steps - 1) * aStep) + 1, random);
                var b = RandomFloats.Whole(steps * columns, random);
                var c = RandomFloats.Whole(MatrixTile.Rows * columns, random);
                var before = c.Span.ToArray();
                double Product(int row, int column) => Enumerable.Range(0, steps).Sum(s => (double)a[(row * aRow) + (s * aStep)] * b[(s * columns) + column]);
                MatrixTile.Multiply<T>(ref a[0], aRow, aStep, ref b[0], columns, steps, ref c[0], columns, fresh: false);
                for (var i = 0; i < c.Length; i++)
                    Assert.Equal(before[i] + Product(i / columns, i % columns), c[i]);
                MatrixTile.Multiply<T>(ref a[0], aRow, aStep, ref b[0], columns, steps, ref c[0], columns, fresh: true);
                for (var i = 0; i < c.Length; i++)
                    Assert.Equal(Product(i / columns, i % columns), c[i]);
            }
        }
    }
}

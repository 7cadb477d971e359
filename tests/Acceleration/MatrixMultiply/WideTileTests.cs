using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration.MatrixMultiply;

public sealed class WideTileTests
{
    [Theory]
    [InlineData(1, 1, 6)]
    [InlineData(7, 9, 1)]
    [InlineData(50, 1, 8)]
    public void TheWideTileHasTheNumbersOfNarrowOnesSideBySide(int steps, int aRow, int aStep)
    {
        Check<Lanes512>(steps, aRow, aStep);
        Check<Lanes256>(steps, aRow, aStep); // slower than the narrow one, and right all the same
        Check<Lanes128>(steps, aRow, aStep);
    }

    private static void Check<T>(int steps, int aRow, int aStep)
        where T : struct, ILanes<T>
    {
        if (!T.IsSupported)
            return;
        var (narrow, wide) = (MatrixTile.Columns<T>(), WideTile.Columns<T>());
        var random = new Random(steps);
        var (a, b) = (RandomFloats.Fractions((5 * aRow) + ((steps - 1) * aStep) + 1, random), RandomFloats.Fractions(steps * wide, random));
        var (ours, expected) = (RandomFloats.Fractions(MatrixTile.Rows * wide, random), new AlignedFloats(MatrixTile.Rows * wide));
        foreach (var fresh in new[] { false, true })
        {
            ours.Span.CopyTo(expected.Span);
            WideTile.Multiply<T>(ref a[0], aRow, aStep, ref b[0], wide, steps, ref ours[0], wide, fresh, ref a[0], 0);
            for (var first = 0; first < wide; first += narrow)
            {
                var part = new AlignedFloats(steps * narrow);
                for (var step = 0; step < steps; step++)
                    b.Span.Slice((step * wide) + first, narrow).CopyTo(part.Span[(step * narrow)..]);
                MatrixTile.Multiply<T>(ref a[0], aRow, aStep, ref part[0], MatrixTile.Columns<T>(), steps, ref expected[first], wide, fresh);
            }

            // To the bit: both sum in the order of the steps.
            Assert.Equal(expected.Span.ToArray(), ours.Span.ToArray());
        }
    }
}

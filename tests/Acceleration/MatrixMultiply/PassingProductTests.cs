using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.MatrixMultiply;

[Collection(TensorCollection.Name)]
public sealed class PassingProductTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(6, 256, 64)]
    [InlineData(7, 3, 65)]
    [InlineData(45, 128, 400)]
    [InlineData(16, 30, 1000)]
    public void EachNumberOfTheProductIsHandedOverOnceWithItsPlacesInTheOthers(int rows, int steps, int columns)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(rows);
        var (left, right) = (randn(rows, steps), randn(steps, columns));
        Check<Lanes512>();
        Check<Lanes256>();
        Check<Lanes128>();

        void Check<T>()
            where T : struct, ILanes<T>
        {
            if (!T.IsSupported)
                return;
            // The same sums in the same order: not a bit differs.
            var expected = MatrixProduct.Of<T>(left, right, threads: 1).bytes.ToArray();
            foreach (var threads in new[] { 1, 3 })
            {
                var (kept, visits, places) = (zeros(rows, columns), zeros(rows, columns), arange(rows * columns, ScalarType.Float32).view(rows, columns));
                PassingProduct.Of<T>(left, right, (kept, visits, places), Keep, threads);
                Assert.Equal(expected, kept.bytes.ToArray());
                Assert.Equal(rows * columns, visits.eq(1).sum().item<long>());
                Assert.True(places.flatten().Equals(-arange(rows * columns, ScalarType.Float32)));
            }
        }

        static void Keep(ReadOnlySpan<float> product, Span<float> kept, Span<float> visits, Span<float> places)
        {
            product.CopyTo(kept);
            for (var i = 0; i < product.Length; i++)
                (visits[i], places[i]) = (visits[i] + 1, -places[i]);
        }
    }

    [Fact]
    public void WhatGoesWrongWithANumberComesOut()
    {
        using var scope = NewDisposeScope();
        var matrix = zeros(6, 600);
        var error = Assert.Throws<InvalidOperationException>(() => PassingProduct.Of(ones(6, 4), ones(4, 600), (matrix, matrix, matrix), (_, _, _, _) => throw new InvalidOperationException("one")));
        Assert.Equal("one", error.Message);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        using var scope = NewDisposeScope();
        var (fitting, turned) = (zeros(2, 5), zeros(5, 2).t());
        Refused(ones(2, 3), ones(4, 5), fitting);
        Refused(ones(2, 3), ones(3, 5), zeros(5, 2));
        Refused(ones(2, 3), ones(3, 5), turned);
        Refused(ones(2, 3), ones(3, 5), zeros(2, 5, ScalarType.Float64));
        Refused(ones(2, 0), ones(0, 5), fitting);
        Refused(ones(2, PassingProduct.MostSteps + 1), ones(PassingProduct.MostSteps + 1, 5), fitting);

        void Refused(Tensor left, Tensor right, Tensor third) =>
            Assert.Throws<ArgumentException>(() => PassingProduct.Of(left, right, (fitting, fitting, third), (_, _, _, _) => Assert.Fail("nothing is to be used")));
    }
}

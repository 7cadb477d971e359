using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.MatrixMultiply;

[Collection(TensorCollection.Name)]
public sealed class GemmTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(6, 256, 64)]
    [InlineData(7, 257, 65)]
    [InlineData(128, 700, 300)]
    [InlineData(13, 5, 513)]
    [InlineData(200, 1100, 70)]
    [InlineData(3, 0, 2)]
    public void AgreesWithDoublePrecisionForEveryWidthAndIsBitIdenticalOnAnyNumberOfThreads(int rows, int inner, int columns)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(rows);
        var (left, right) = (randn(rows, inner), randn(inner, columns));
        var expected = left.to(ScalarType.Float64).mm(right.to(ScalarType.Float64));
        SupportedWidths.Each(Check<Simd128>);
        AssertClose(Gemm.Multiply(left, right));

        void Check<T>()
            where T : struct, ISimdVector<T>
        {
            var one = Gemm.Multiply<T>(left, right, threads: 1);
            AssertClose(one);
            Assert.Equal(one.bytes.ToArray(), Gemm.Multiply<T>(left, right, threads: 3).bytes.ToArray());
        }

        // Sums of up to 1100 products of standard normal values: 1100 roundings of values up to 100 stay far below this bound.
        void AssertClose(Tensor product) => Assert.InRange((expected - product.to(ScalarType.Float64)).abs().max().item<double>(), 0, 2e-4);
    }

    [Fact]
    public void OperandsThatDoNotMatchAreRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(ones(2, 3), ones(4, 5)));
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(ones(2, 3, ScalarType.Float64), ones(3, 5)));
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(ones(3, 2).t(), ones(3, 5)));
    }
}

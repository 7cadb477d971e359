using DeviceId.Acceleration.MatrixMultiply;
using DeviceId.Acceleration.Simd;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.MatrixMultiply;

[Collection(TensorCollection.Name)]
public sealed class SmallBatchGemmTests
{
    /// <summary>Samples: one, a group, one more. Columns: odd, more than a block. Inner: less than a register, a partial block.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 33, 7)]
    [InlineData(5, 45, 600)]
    [InlineData(16, 17, 1043)]
    public void TheProductAgreesWithDoublePrecisionForEveryWidth(int samples, int columns, int inner)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(inner);
        var (x, w) = (randn(samples, inner), randn(columns, inner));
        var expected = x.to(ScalarType.Float64).mm(w.to(ScalarType.Float64).t());
        SupportedWidths.Each(Check<Simd128>);

        void Check<T>()
            where T : struct, ISimdVector<T>
        {
            var product = SmallBatchGemm.Multiply<T>(x, w);
            Assert.Equal([samples, columns], product.shape);
            // A thousand products of values near 1, each rounded to 6e-8, with a sum near 30.
            Assert.InRange((expected - product).abs().max().item<double>(), 0, 5e-5);
        }
    }

    [Fact]
    public void ASamplesResultDoesNotDependOnTheOthersOrOnThreads()
    {
        using var scope = NewDisposeScope();
        var (x, w) = (randn(9, 1000), randn(40, 1000));
        Assert.Equal(Row(1, x.narrow(0, 8, 1), 0), Row(4, x, 8));

        float[] Row(int count, Tensor samples, int row)
        {
            using var threads = new TorchThreads(count);
            return SmallBatchGemm.Multiply(samples, w)[row].data<float>().ToArray();
        }
    }
}

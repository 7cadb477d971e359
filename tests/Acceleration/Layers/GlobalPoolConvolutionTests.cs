using DeviceId.Acceleration.Layers;
using DeviceId.Acceleration.Simd;
using TorchSharp;
using static DeviceId.Tests.TensorGap;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.Layers;

[Collection(TensorCollection.Name)]
public sealed class GlobalPoolConvolutionTests
{
    /// <summary>
    /// The reference is a matrix product over unfolded windows, ReLU and mean, in double precision. Rows: less than a micro-kernel, exactly
    /// one, more; windows of one row and of several; samples: one, less than a block, several blocks.
    /// </summary>
    [Theory]
    [InlineData(1, 4, 5, 32, 64)]
    [InlineData(3, 6, 3, 32, 32)]
    [InlineData(19, 64, 5, 32, 64)]
    [InlineData(9, 13, 1, 64, 96)]
    public void MeansAndEveryGradientAgreeWithTensorOperationsForEveryWidth(int samples, int rows, int height, int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(rows);
        Tensor[] tensors = [randn(samples, rows, inputs), randn(height * inputs, outputs) / Math.Sqrt(height * inputs), randn(outputs)];
        var gradOutput = randn(samples, outputs);
        var exact = tensors.Select(t => t.to(ScalarType.Float64).requires_grad_()).ToArray();
        var windows = nn.functional.pad(exact[0], [0, 0, height / 2, height / 2]).unfold(1, height, 1).transpose(2, 3).flatten(2);
        var expected = (windows.matmul(exact[1]) + exact[2]).relu().mean([1]);
        expected.backward([gradOutput.to(ScalarType.Float64)]);
        SupportedWidths.Each(Check<Simd128>);

        void Check<T>()
            where T : struct, ISimdVector<T>
        {
            using var gradient = no_grad();
            // Sums of up to 160 products of values around 1, divided by the square root of their count, then means.
            Assert.InRange(MaxDifference(expected, GlobalPoolConvolution.Forward<T>(tensors[0], tensors[1], tensors[2])), 0, 2e-6);
            var gradients = GlobalPoolConvolution.Backward<T>(tensors[0], tensors[1], tensors[2], gradOutput);
            foreach (var (reference, single) in exact.Zip(gradients))
                // Relative to the largest value: gradients with respect to the band are sums over all samples and rows.
                Assert.InRange(MaxDifference(reference.grad!, single) / Math.Max(1, reference.grad!.abs().max().item<double>()), 0, 2e-6);
        }
    }

    [Fact]
    public void NaNStaysNaN()
    {
        using var scope = NewDisposeScope();
        var maps = zeros(2, 8, 32);
        maps[1, 3, 4] = float.NaN;
        var means = GlobalPoolConvolution.Forward(maps, ones(160, 32), zeros(32));
        Assert.False(means[0].isnan().any().item<bool>());
        Assert.True(means[1].isnan().all().item<bool>());
    }
}

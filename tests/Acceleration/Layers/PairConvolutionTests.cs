using DeviceId.Acceleration.Layers;
using DeviceId.Acceleration.Simd;
using DeviceId.Models;
using TorchSharp;
using static DeviceId.Tests.TensorGap;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration.Layers;

[Collection(TensorCollection.Name)]
public sealed class PairConvolutionTests
{
    /// <summary>
    /// The reference is libtorch's convolution, ReLU and pooling in double precision. Rows: one pooling window; a remainder of one row and
    /// of several, which the last convolution windows cover; samples: one, less than a block, several blocks.
    /// </summary>
    [Theory]
    [InlineData(1, 16, 16)]
    [InlineData(3, 33, 16)]
    [InlineData(19, 70, 16)]
    [InlineData(9, 10, 4)]
    public void MeansAndEveryGradientAgreeWithLibtorchForEveryWidth(int samples, int rows, int poolSize)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(rows);
        const int Kernels = 32;
        var (map, weight, bias) = (randn(samples, rows, 2), randn(Kernels, 1, 3, 3), randn(Kernels));
        var gradOutput = randn(samples, rows / poolSize, 2, Kernels);
        Tensor[] tensors = [map, weight, bias];
        var exact = tensors.Select(t => t.to(ScalarType.Float64).requires_grad_()).ToArray();
        var maps = nn.functional.conv2d(exact[0].unsqueeze(1), exact[1], exact[2], padding: [1L, 1L]).relu();
        var expected = nn.functional.avg_pool2d(maps, [poolSize, 1], [poolSize, 1]).permute(0, 2, 3, 1);
        expected.backward([gradOutput.to(ScalarType.Float64)]);
        SupportedWidths.Each(Check<Simd128>);

        void Check<T>()
            where T : struct, ISimdVector<T>
        {
            using var gradient = no_grad();
            // Sums of ten products, then means: a few roundings of values around 3.
            Assert.InRange(MaxDifference(expected, PairConvolution.Forward<T>(map, weight, bias, poolSize)), 0, 2e-6);
            var gradients = PairConvolution.Backward<T>(map, weight, bias, poolSize, gradOutput);
            foreach (var (reference, single) in exact.Zip(gradients))
                // Relative to the largest value: weight gradients are sums over all samples and rows.
                Assert.InRange(MaxDifference(reference.grad!, single) / Math.Max(1, reference.grad!.abs().max().item<double>()), 0, 2e-6);
        }
    }

    [Fact]
    public void AttentionGradientsAgreeWithLibtorchAndAreBitIdenticalOnAnyNumberOfThreads()
    {
        // Only the kernels guarantee this: libtorch's sums depend on the number of threads.
        using var backend = new BackendSwitch(isAccelerated: true);
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var attention = new AttentionFusion(2, CPU);
        var branches = new[] { randn(40, 100), randn(40, 100) };
        var exact = new AttentionFusion(2, CPU);
        exact.load_state_dict(attention.state_dict());
        exact.to(ScalarType.Float64);
        var expected = Gradients(exact, branches.Select(b => b.to(ScalarType.Float64)));
        var (oneThread, threeThreads) = (OnThreads(1), OnThreads(3));
        Assert.Equal(6 + 2, expected.Count);
        foreach (var ((reference, one), three) in expected.Zip(oneThread).Zip(threeThreads))
        {
            Assert.InRange(MaxDifference(reference, one) / Math.Max(1, reference.abs().max().item<double>()), 0, 1e-5);
            Assert.Equal(one.data<float>().ToArray(), three.data<float>().ToArray());
        }

        List<Tensor> OnThreads(int count)
        {
            using var threads = new TorchThreads(count);
            return Gradients(attention, branches);
        }

        static List<Tensor> Gradients(AttentionFusion attention, IEnumerable<Tensor> branches)
        {
            var inputs = branches.Select(b => b.clone().requires_grad_()).ToArray();
            attention.zero_grad();
            attention.call(inputs).square().sum().backward();
            return [.. attention.parameters().Concat(inputs).Select(p => p.grad!.clone())];
        }
    }

    [Fact]
    public void NaNStaysNaN()
    {
        using var scope = NewDisposeScope();
        var map = zeros(1, 32, 2);
        map[0, 20, 0] = float.NaN;
        var means = PairConvolution.Forward(map, ones(16, 1, 3, 3), zeros(16), 16);
        Assert.False(means[0, 0].isnan().any().item<bool>());
        Assert.True(means[0, 1].isnan().all().item<bool>());
    }
}

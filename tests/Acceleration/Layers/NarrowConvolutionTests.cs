using DeviceId.Acceleration.Layers;
using DeviceId.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeviceId.Tests.Acceleration.Layers;

[Collection(TensorCollection.Name)]
public sealed class NarrowConvolutionTests
{
    [Theory]
    [InlineData(2, 1, 3)]
    [InlineData(2, 4, 5)]
    [InlineData(3, 2, 5)]
    [InlineData(1, 3, 1)]
    public void ValuesAndGradientsAreThoseOfThePictureConvolution(int columns, int channels, int size)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(size);
        using var convolution = Conv2d(channels, 6, size, padding: size / 2);
        convolution.to(ScalarType.Float64);
        var picture = randn([4, channels, 20, columns], ScalarType.Float64);
        var expected = convolution.call(picture);
        expected.square().sum().backward();
        var gradients = convolution.parameters().Select(p => p.grad!.clone()).ToList();
        convolution.zero_grad();
        var actual = NarrowConvolution.Of(picture.permute(0, 2, 3, 1), convolution);
        actual.square().sum().backward();
        // Double precision, sums of up to fifty products.
        Assert.True(actual.permute(0, 3, 1, 2).allclose(expected, rtol: 0, atol: 1e-12));
        Assert.All(gradients.Zip(convolution.parameters()), pair => Assert.True(pair.First.allclose(pair.Second.grad!, rtol: 1e-12, atol: 1e-11)));
    }
}

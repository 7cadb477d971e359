using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Foundation;

[Collection(TensorCollection.Name)]
public sealed class ComputeDeviceTests
{
    [Fact]
    public void TheNativeLibraryLoadsAsTheBuildLeavesItAndComputes()
    {
        ComputeDevice.Load();
        using var product = tensor(new[] { 3f, 4f }).dot(tensor(new[] { 5f, 6f }));
        Assert.Equal(39f, product.item<float>());
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("cpu")]
    [InlineData(" CPU ")]
    public void KnownNamesGiveADevice(string name) => Assert.NotNull(ComputeDevice.Choose(name));

    [Fact]
    public void AnUnknownNameIsRefusedWithTheChoices()
    {
        var error = Assert.Throws<ArgumentException>(() => ComputeDevice.Choose("tpu"));
        Assert.Contains("auto, cpu, cuda or cuda:N", error.Message, StringComparison.Ordinal);
    }
}

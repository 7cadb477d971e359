using DeviceId.Data;
using DeviceId.Models;

namespace DeviceId.Tests.Models;

[Collection(TensorCollection.Name)]
public sealed class ParameterCountTests
{
    private const long Published = 114_765_000;

    /// <summary>
    /// Weights of the attention block: 16 kernels of 3 x 3, 32 of 5 x 5 x 16, a linear layer of (32 x 2) x 2, and their biases.
    /// </summary>
    private const long Attention = (16 * 9 + 16) + (32 * 25 * 16 + 32) + (64 * 2 + 2);

    [Fact]
    [Trait("Speed", "Slow")]
    public void AsCountedHasThePublishedNumberOfParametersPartByPart()
    {
        using var network = Pstnn.Create(new PstnnOptions(), SampleShape.AsCounted, 1);
        var counts = network.ParameterCounts();

        Assert.Equal(
            [
                ("spatial Dnn", 4_656_128, 3 * 2 * 1024),
                ("temporal BiLstm", 122_616 + (156 * 685 + 1) * 1024, 0),
                ("spatial head", 92_250 / 2, 0),
                ("temporal head", 92_250 / 2, 0),
                ("attention", Attention, 0),
                ("back end", 467_133, 2 * (400 + 128)),
            ],
            counts.Select(c => (c.Part, c.Weights, c.Normalisation)));

        // 114,763,791 without attention. With or without batch normalisation, the total is within 0.05 % of the published number.
        Assert.Equal(114_763_791, counts.Where(c => c.Part != "attention").Sum(c => c.Weights));
        Assert.InRange(counts.Sum(c => c.Weights), Published * 0.9995, Published * 1.0005);
        Assert.InRange(counts.Sum(c => c.Count), Published * 0.9995, Published * 1.0005);
    }

    [Fact]
    public void AFrameMoreOrLessMissesThePublishedNumber()
    {
        // The count is linear in the number of frames (only the layer after flattening depends on it): three small networks give the
        // increment per frame, from which the count for 685 frames follows.
        var (at10, at11, at12) = (Total(10), Total(11), Total(12));
        var increment = at11 - at10;
        Assert.Equal(156 * 1024, increment);
        Assert.Equal(increment, at12 - at11);
        var asCounted = at10 + increment * (685 - 10);
        Assert.InRange(Math.Abs(asCounted - Published) / (double)Published, 0, 0.0005);
        Assert.InRange(Math.Abs(asCounted - increment - Published) / (double)Published, 0.001, 0.002);
        Assert.InRange(Math.Abs(asCounted + increment - Published) / (double)Published, 0.001, 0.002);

        static long Total(int frames)
        {
            using var network = Pstnn.Create(new PstnnOptions(), SampleShape.AsWritten with { Frames = frames }, 1);
            return network.ParameterCounts().Sum(c => c.Weights);
        }
    }

    [Fact]
    public void OtherPartsHaveTheSizesOfTheirLayers()
    {
        Assert.Equal(
            (6 * 25 + 6) + (16 * 25 * 6 + 16) + (40 * 25 * 16 + 40) + (40L * (39 / 8) * (64 / 8) + 1) * 1024,
            Weights(new PstnnOptions { Spatial = SpatialNetwork.Cnn, Temporal = TemporalNetwork.None }, "spatial Cnn"));
        Assert.Equal(
            (16 + 16) + 16 * (16 * 9 * 16 + 16) + (16L * (39 / 16) * (64 / 16) + 1) * 1024,
            Weights(new PstnnOptions { Spatial = SpatialNetwork.ResNet, Temporal = TemporalNetwork.None }, "spatial ResNet"));
        Assert.Equal(
            4 * 39 * (39 + 39 + 1) + 4 * 78 * (39 + 78 + 1) + (64L * 78 + 1) * 1024,
            Weights(new PstnnOptions { Spatial = SpatialNetwork.None, Temporal = TemporalNetwork.Lstm }, "temporal Lstm"));
    }

    [Theory]
    [InlineData(0, Fusion.Attention, 1024 * 45 + 45)]
    [InlineData(1, Fusion.Attention, 1024 * 400 + 400 + 400 * 45 + 45)]
    [InlineData(2, Fusion.Concatenation, 2048 * 400 + 400 + 400 * 128 + 128 + 128 * 45 + 45)]
    [InlineData(3, Fusion.Attention, 1024 * 400 + 400 + 400 * 200 + 200 + 200 * 128 + 128 + 128 * 45 + 45)]
    public void TheBackEndHasTheRequestedLayers(int layers, Fusion fusion, long weights) =>
        Assert.Equal(weights, Weights(new PstnnOptions { BackEndLayers = layers, Fusion = fusion }, "back end"));

    [Theory]
    [MemberData(nameof(TinyNetwork.Branches), MemberType = typeof(TinyNetwork))]
    public void EveryParameterIsRegisteredAndCounted(SpatialNetwork spatial, TemporalNetwork temporal)
    {
        using var network = Pstnn.Create(TinyNetwork.Options with { Spatial = spatial, Temporal = temporal }, TinyNetwork.Shape, 1);
        // libtorch has a second bias vector of the four gates in each layer and direction, Keras does not.
        var directions = temporal switch { TemporalNetwork.BiLstm => 2, TemporalNetwork.Lstm => 1, _ => 0 };
        var secondBiases = directions * 4 * TinyNetwork.Options.LstmUnits.Sum();
        Assert.Equal(network.parameters().Sum(p => p.numel()), network.ParameterCounts().Sum(c => c.Count) + secondBiases);
        Assert.DoesNotContain(network.named_parameters(), p => p.name.Contains('<', StringComparison.Ordinal));
    }

    private static long Weights(PstnnOptions options, string part)
    {
        using var network = Pstnn.Create(options, SampleShape.AsWritten, 1);
        return network.ParameterCounts().Single(c => c.Part == part).Weights;
    }
}

using DeviceId.Foundation;
using DeviceId.Models;

namespace DeviceId.Tests.Models;

public sealed class PstnnOptionsTests
{
    [Fact]
    public void ThePresetsCanBeUsedAndSurviveJson()
    {
        foreach (var options in new[] { PstnnOptions.AsWritten, PstnnOptions.AsCounted, TinyNetwork.Options })
        {
            Assert.Empty(options.Problems());
            Assert.Equal(options, Json.Read<PstnnOptions>(Json.Write(options)));
        }

        Assert.Equal((64, 685), (PstnnOptions.AsWritten.Frames, PstnnOptions.AsCounted.Frames));
    }

    [Fact]
    public void EveryProblemIsNamedAtOnce()
    {
        var options = new PstnnOptions
        {
            Devices = 1, Components = 0, Coefficients = -1, Frames = 0, Embedding = 0, LstmUnits = [0],
            Spatial = SpatialNetwork.None, Temporal = TemporalNetwork.None, BackEndLayers = 4, Dropout = double.NaN,
        };
        var problems = Assert.Throws<OptionsException>(() => Pstnn.Create(options, 1)).Problems;
        foreach (var name in new[] { "Devices", "Components", "Coefficients", "Frames", "Embedding", "LstmUnits", "both None", "BackEndLayers", "Dropout" })
            Assert.Contains(problems, problem => problem.Contains(name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SpatialNetwork.Dnn, 1, true)]
    [InlineData(SpatialNetwork.Cnn, 7, false)]
    [InlineData(SpatialNetwork.Cnn, 8, true)]
    [InlineData(SpatialNetwork.ResNet, 15, false)]
    [InlineData(SpatialNetwork.ResNet, 16, true)]
    public void AMapThatPoolingWouldSwallowIsRefused(SpatialNetwork spatial, int side, bool usable)
    {
        Assert.Equal(usable, !(TinyNetwork.Options with { Spatial = spatial, Components = side }).Problems().Any());
        Assert.Equal(usable, !(TinyNetwork.Options with { Spatial = spatial, Coefficients = side }).Problems().Any());
    }

    [Fact]
    public void AttentionNeedsAnEmbeddingThatItCanPool()
    {
        Assert.Single((TinyNetwork.Options with { Embedding = 3 }).Problems());
        Assert.Empty((TinyNetwork.Options with { Embedding = 3, Fusion = Fusion.Concatenation }).Problems());
        Assert.Empty((TinyNetwork.Options with { Embedding = 3, Spatial = SpatialNetwork.None }).Problems());
    }
}

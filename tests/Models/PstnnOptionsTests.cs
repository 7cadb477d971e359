using DeviceId.Foundation;
using DeviceId.Models;

namespace DeviceId.Tests.Models;

[Collection(TensorCollection.Name)]
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

    /// <summary>Stored results know the first two layers by name: their text, and so their keys, must stay.</summary>
    [Fact]
    public void LstmLayersAreAListThatStoredResultsSpellAsBefore()
    {
        var text = Json.WriteCompact(new PstnnOptions());
        Assert.Contains("\"embedding\":1024,\"firstLstmUnits\":39,\"secondLstmUnits\":78,\"dropout\":0.5", text, StringComparison.Ordinal);
        Assert.DoesNotContain("lstmUnits\":[", text, StringComparison.Ordinal);
        foreach (int[] units in new int[][] { [39, 78], [5], [5, 6, 7], [5, 6, 7, 8] })
        {
            var options = new PstnnOptions { LstmUnits = units };
            Assert.Equal(units, Json.Read<PstnnOptions>(Json.Write(options)).LstmUnits);
            Assert.Equal(options, Json.Read<PstnnOptions>(Json.Write(options)));
            Assert.NotEqual(options, options with { LstmUnits = [.. units, 9] });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ANetworkHasAsManyLstmLayersAsTheListHasWidths(int layers)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var network = Pstnn.Create(TinyNetwork.Options with { LstmUnits = [.. Enumerable.Range(3, layers)] }, 1);
        Assert.Equal(layers, network.named_parameters().Count(p => p.name.EndsWith("weight_hh_l0", StringComparison.Ordinal)));
        var (supervectors, segments, _) = TinyNetwork.Batch(network.Options, 4);
        using var output = network.call(supervectors, segments);
        Assert.Equal([4L, 3L], output.Deep.shape);
    }
}

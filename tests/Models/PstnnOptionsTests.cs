using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Models;

namespace DeviceId.Tests.Models;

[Collection(TensorCollection.Name)]
public sealed class PstnnOptionsTests
{
    [Fact]
    public void PresetsAreValidAndSurviveJson()
    {
        foreach (var (options, shape) in new[]
        {
            (new PstnnOptions(), SampleShape.AsWritten), (new PstnnOptions(), SampleShape.AsCounted),
            (TinyNetwork.Options, TinyNetwork.Shape),
        })
        {
            Assert.Empty(options.Problems());
            Assert.Empty(options.ProblemsWith(shape));
            Assert.Equal(options, Json.Read<PstnnOptions>(Json.Write(options)));
            Assert.Equal(options, Json.Read<NetworkOptions>(Json.Write<NetworkOptions>(options)));
            Assert.Equal(shape, Json.Read<SampleShape>(Json.Write(shape)));
        }

        Assert.Equal((64, 685), (SampleShape.AsWritten.Frames, SampleShape.AsCounted.Frames));
    }

    [Fact]
    public void AllProblemsAreReportedAtOnce()
    {
        var options = new PstnnOptions
        {
            Embedding = 0, LstmUnits = [0], Spatial = SpatialNetwork.None, Temporal = TemporalNetwork.None, BackEndLayers = 4,
            Dropout = double.NaN,
        };
        var problems = Assert.Throws<OptionsException>(() => Pstnn.Create(options, TinyNetwork.Shape with { Devices = 1 }, 1)).Problems;
        foreach (var name in new[] { "Devices", "Embedding", "LstmUnits", "both None", "BackEndLayers", "Dropout" })
            Assert.Contains(problems, problem => problem.Contains(name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SpatialNetwork.Dnn, 1, true)]
    [InlineData(SpatialNetwork.Cnn, 7, false)]
    [InlineData(SpatialNetwork.Cnn, 8, true)]
    [InlineData(SpatialNetwork.ResNet, 15, false)]
    [InlineData(SpatialNetwork.ResNet, 16, true)]
    public void AMapTooSmallForThePoolingIsRefused(SpatialNetwork spatial, int size, bool isValid)
    {
        var options = TinyNetwork.Options with { Spatial = spatial };
        Assert.Equal(isValid, !options.ProblemsWith(TinyNetwork.Shape with { Components = size }).Any());
        Assert.Equal(isValid, !options.ProblemsWith(TinyNetwork.Shape with { Coefficients = size }).Any());
    }

    [Fact]
    public void AttentionNeedsAnEmbeddingThatItCanPool()
    {
        Assert.Single((TinyNetwork.Options with { Embedding = 3 }).Problems());
        Assert.Empty((TinyNetwork.Options with { Embedding = 3, Fusion = Fusion.Concatenation }).Problems());
        Assert.Empty((TinyNetwork.Options with { Embedding = 3, Spatial = SpatialNetwork.None }).Problems());
    }

    [Fact]
    public void SamplesThatABranchCannotReadAreRefused()
    {
        Assert.Contains(
            "supervectors", TinyNetwork.Options.ProblemsWith(TinyNetwork.Shape with { Components = 0 }).First(), StringComparison.Ordinal);
        Assert.Contains(
            "Frames is 0", TinyNetwork.Options.ProblemsWith(TinyNetwork.Shape with { Frames = 0 }).Single(), StringComparison.Ordinal);
        Assert.Contains(
            "FurtherColumns is -1", TinyNetwork.Options.ProblemsWith(TinyNetwork.Shape with { FurtherColumns = -1 }).Single(),
            StringComparison.Ordinal);
        Assert.Empty((TinyNetwork.Options with { Spatial = SpatialNetwork.None }).ProblemsWith(TinyNetwork.Shape with { Components = 0 }));
        Assert.Single(TinyNetwork.Options.ProblemsWith(TinyNetwork.Shape with { Components = 1 << 15, Coefficients = 1 << 15 }));
    }

    [Fact]
    public void OptionsWithDifferentLstmLayersAreNotEqual()
    {
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
    public void TheListOfWidthsDefinesTheNumberOfLstmLayers(int layers)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var network = Pstnn.Create(TinyNetwork.Options with { LstmUnits = [.. Enumerable.Range(3, layers)] }, TinyNetwork.Shape, 1);
        Assert.Equal(layers, network.named_parameters().Count(p => p.name.EndsWith("weight_hh_l0", StringComparison.Ordinal)));
        var (supervectors, segments, _) = TinyNetwork.Batch(network.Shape, 4);
        using var output = network.call(supervectors, segments);
        Assert.Equal([4L, 3L], output.Deep.shape);
    }
}

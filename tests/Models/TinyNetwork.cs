using DeviceId.Data;
using DeviceId.Models;
using static TorchSharp.torch;

namespace DeviceId.Tests.Models;

/// <summary>Options and inputs of networks with the structure of the paper's, small enough to train in milliseconds.</summary>
internal static class TinyNetwork
{
    /// <summary>16 components x 16 coefficients is the smallest map for the four poolings of the ResNet.</summary>
    public static SampleShape Shape { get; } = new(Devices: 3, Components: 16, Coefficients: 16, Frames: 5);

    /// <summary>A narrow network with all parts of the paper's.</summary>
    public static PstnnOptions Options { get; } = new() { Embedding = 20, LstmUnits = [3, 4] };

    /// <summary>The eleven combinations of branches in Table 6 of the paper.</summary>
    public static TheoryData<SpatialNetwork, TemporalNetwork> Branches { get; } = CreateBranches();

    /// <summary>
    /// Random inputs: supervectors (sample, component x coefficient), segments (sample, frame, coefficient), labels (sample).
    /// </summary>
    public static (Tensor Supervectors, Tensor Segments, Tensor Labels) Batch(int samples, ScalarType type = ScalarType.Float32) =>
        Batch(Shape, samples, type);

    /// <summary>Random inputs of the given sample sizes.</summary>
    public static (Tensor Supervectors, Tensor Segments, Tensor Labels) Batch(
        SampleShape shape, int samples, ScalarType type = ScalarType.Float32)
    {
        var labels = arange(samples, ScalarType.Int64).remainder(shape.Devices);
        return (randn(samples, shape.SupervectorLength, type), randn([samples, shape.Frames, shape.Columns], type), labels);
    }

    private static TheoryData<SpatialNetwork, TemporalNetwork> CreateBranches()
    {
        var branches = new TheoryData<SpatialNetwork, TemporalNetwork>();
        foreach (var spatial in Enum.GetValues<SpatialNetwork>())
            foreach (var temporal in Enum.GetValues<TemporalNetwork>())
                if (spatial != SpatialNetwork.None || temporal != TemporalNetwork.None)
                    branches.Add(spatial, temporal);
        return branches;
    }
}

using static TorchSharp.torch;

namespace DeviceId.Tests;

/// <summary>Compares two tensors.</summary>
internal static class TensorGap
{
    /// <summary>The maximum absolute difference, in double precision, between tensors of the same shape.</summary>
    public static double MaxDifference(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        return (expected.to(ScalarType.Float64) - actual.to(ScalarType.Float64)).abs().max().item<double>();
    }
}

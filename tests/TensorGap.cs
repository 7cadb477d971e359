using static TorchSharp.torch;

namespace DeviceId.Tests;

/// <summary>How far two tensors are apart.</summary>
internal static class TensorGap
{
    /// <summary>The greatest difference in double precision between tensors of one shape.</summary>
    public static double Gap(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        return (expected.to(ScalarType.Float64) - actual.to(ScalarType.Float64)).abs().max().item<double>();
    }
}

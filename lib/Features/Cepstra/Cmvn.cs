using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Cepstral mean and variance normalisation (CMVN) of one recording.</summary>
internal static class Cmvn
{
    /// <summary>A smaller standard deviation is rounding noise of a constant column and must not be amplified.</summary>
    private const double MinStandardDeviation = 1e-8;

    /// <summary>Normalises every column to mean 0 and variance 1 over the frames (divisor: number of frames), in float64.</summary>
    /// <param name="features">(frame, coefficient), at least one frame.</param>
    /// <returns>(frame, coefficient), of the same data type; constant columns become zero. The caller disposes of it.</returns>
    public static Tensor Normalise(Tensor features)
    {
        using var scope = NewDisposeScope();
        var centred = features.to(ScalarType.Float64);
        centred = centred - centred.mean([0], keepdim: true);
        var standardDeviation = centred.square().mean([0], keepdim: true).sqrt().clamp_min(MinStandardDeviation);
        return (centred / standardDeviation).to(features.dtype).MoveToOuterDisposeScope();
    }
}

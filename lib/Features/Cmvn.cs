using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Cepstral mean and variance normalisation of one recording.</summary>
internal static class Cmvn
{
    /// <summary>A column that varies less than this is constant but for rounding: it becomes zero instead of blown-up noise.</summary>
    private const double MinStandardDeviation = 1e-8;

    /// <summary>Brings every column to mean 0 and variance 1 over the frames (divisor: their number), in double precision.</summary>
    /// <param name="features">(frame, coefficient), at least one frame.</param>
    /// <returns>(frame, coefficient), of the same precision; constant columns become zero. The caller disposes of it.</returns>
    public static Tensor Normalise(Tensor features)
    {
        using var scope = NewDisposeScope();
        var centred = features.to(ScalarType.Float64);
        centred = centred - centred.mean([0], keepdim: true);
        var deviation = centred.square().mean([0], keepdim: true).sqrt().clamp_min(MinStandardDeviation);
        return (centred / deviation).to(features.dtype).MoveToOuterDisposeScope();
    }
}

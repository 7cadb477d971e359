using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Natural logarithm of magnitudes with the floor of step 5 of docs/mfcc.md.</summary>
internal static class LogMagnitude
{
    /// <summary>Smallest normal float32: the floor in digital silence.</summary>
    public const double SmallestNormal = 1.17549435082228750797e-38;

    /// <summary>Floor relative to the largest magnitude of the recording.</summary>
    private const double RelativeFloor = 1e-10;

    /// <summary>Logarithms of the magnitudes of one recording.</summary>
    /// <param name="magnitudes">(frame, column), at least one frame.</param>
    public static Tensor Compute(Tensor magnitudes) => Compute(magnitudes, magnitudes.amax());

    /// <summary>Logarithms of filter outputs of one recording.</summary>
    /// <param name="outputs">(frame, filter).</param>
    /// <param name="peak">Largest magnitude of the recording, a scalar.</param>
    public static Tensor Compute(Tensor outputs, Tensor peak) =>
        maximum(outputs, (peak * RelativeFloor).clamp_min(SmallestNormal)).log();
}

using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Deltas and delta-deltas of coefficients, as VOICEBOX <c>melcepst</c> computes them (docs/mfcc.md, step 7).</summary>
/// <remarks>
/// <c>delta[t] = sum over k = -4..4 of k c[t + k] / 60</c>, with the first and last frame repeated beyond the ends;
/// <c>deltaDelta[t] = (delta[t + 1] - delta[t - 1]) / 2</c>, where the deltas one frame beyond each end also come from the repeated frames.
/// </remarks>
internal static class Deltas
{
    private const int HalfWidth = 4;

    /// <summary>Number of frames on each side of a frame that its delta-deltas depend on.</summary>
    public const int Reach = HalfWidth + 1;

    /// <summary>Appends deltas and delta-deltas as further columns.</summary>
    /// <param name="coefficients">(frame, coefficient); any number of frames.</param>
    /// <returns>(frame, 3 x coefficient): static | delta | delta-delta. The caller disposes of it.</returns>
    public static Tensor Append(Tensor coefficients)
    {
        using var scope = NewDisposeScope();
        var (frames, width) = (coefficients.shape[0], coefficients.shape[1]);
        if (frames == 0)
            return empty([0, 3 * width], coefficients.dtype, coefficients.device).MoveToOuterDisposeScope();

        var before = coefficients[..1].expand(HalfWidth + 1, width);
        var after = coefficients[^1..].expand(HalfWidth + 1, width);
        var padded = cat([before, coefficients, after], 0);

        // One additional delta beyond each end, which the delta-deltas need.
        var deltas = zeros([frames + 2, width], coefficients.dtype, coefficients.device);
        for (var k = 1; k <= HalfWidth; k++)
        {
            deltas.add_(padded.narrow(0, HalfWidth + k, frames + 2), alpha: k / 60.0);
            deltas.add_(padded.narrow(0, HalfWidth - k, frames + 2), alpha: -k / 60.0);
        }

        var deltaDeltas = (deltas.narrow(0, 2, frames) - deltas.narrow(0, 0, frames)) / 2;
        return cat([coefficients, deltas.narrow(0, 1, frames), deltaDeltas], 1).MoveToOuterDisposeScope();
    }
}

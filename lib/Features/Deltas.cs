using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Deltas and delta-deltas of coefficients, as VOICEBOX <c>melcepst</c> takes them (docs/mfcc.md, step 7).</summary>
/// <remarks>
/// <c>delta[t] = sum over k = -4..4 of k c[t + k] / 60</c>, first and last frame repeated beyond the edges;
/// <c>deltaDelta[t] = (delta[t + 1] - delta[t - 1]) / 2</c>, where the deltas one step outside the ends come from the repeated frames too.
/// </remarks>
internal static class Deltas
{
    private const int Reach = 4;

    /// <summary>The coefficients with their deltas and delta-deltas beside them.</summary>
    /// <param name="coefficients">(frame, coefficient); any number of frames.</param>
    /// <returns>(frame, 3 x coefficient): static | delta | delta-delta. The caller disposes of it.</returns>
    public static Tensor Append(Tensor coefficients)
    {
        using var scope = NewDisposeScope();
        var (frames, width) = (coefficients.shape[0], coefficients.shape[1]);
        if (frames == 0)
            return empty([0, 3 * width], coefficients.dtype, coefficients.device).MoveToOuterDisposeScope();

        var before = coefficients[..1].expand(Reach + 1, width);
        var after = coefficients[^1..].expand(Reach + 1, width);
        var padded = cat([before, coefficients, after], 0);

        // One delta more at each end than there are frames: the second difference needs them.
        var deltas = zeros([frames + 2, width], coefficients.dtype, coefficients.device);
        for (var k = 1; k <= Reach; k++)
        {
            deltas.add_(padded.narrow(0, Reach + k, frames + 2), alpha: k / 60.0);
            deltas.add_(padded.narrow(0, Reach - k, frames + 2), alpha: -k / 60.0);
        }

        var second = (deltas.narrow(0, 2, frames) - deltas.narrow(0, 0, frames)) / 2;
        return cat([coefficients, deltas.narrow(0, 1, frames), second], 1).MoveToOuterDisposeScope();
    }
}

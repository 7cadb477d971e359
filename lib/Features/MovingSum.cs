using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Sums over the frames around each frame.</summary>
internal static class MovingSum
{
    /// <summary>Sums the rows <c>t - halfWidth .. t + halfWidth</c> that exist, for each row t, in float64.</summary>
    /// <param name="rows">(frame, column), float64, at least one frame.</param>
    /// <param name="halfWidth">Number of rows on each side, at least 0.</param>
    public static Tensor Compute(Tensor rows, int halfWidth)
    {
        var frames = rows.shape[0];
        var sums = cat([zeros_like(rows.narrow(0, 0, 1)), rows.cumsum(0)], 0);
        var index = arange(frames, ScalarType.Int64, rows.device);
        var after = (index + (halfWidth + 1)).clamp_max(frames);
        var before = (index - halfWidth).clamp_min(0);
        return sums.index_select(0, after) - sums.index_select(0, before);
    }
}

using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>A mixture to begin EM with: one component for each cluster of standardised frames.</summary>
/// <remarks>
/// 1 an even sample of the frames; 2 k-means++ centres, drawn with SplitMix64; 3 Lloyd's iterations; 4 share, mean and variances of each
/// cluster.
/// </remarks>
internal static class KMeans
{
    // Enough frames for every cluster to be seen; all of them would make the start slower than EM itself.
    private const int FramesPerCluster = 400;
    private const int Iterations = 10;

    // Distances to 65,536 centres, the most there are, would fill 17 GB; with 1024 centres it is 268 MB, a third of a second.
    private const long DistancesAtOnce = 1 << 25;

    /// <param name="pool">The frames.</param>
    /// <param name="components">Clusters.</param>
    /// <param name="seed">The same seed gives the same mixture.</param>
    /// <param name="shift">Mean of the frames (coefficient), float64.</param>
    /// <param name="scale">Deviation of the frames (coefficient), float64.</param>
    /// <param name="cancellationToken">Asked before each chunk, each centre and each iteration's blocks.</param>
    public static DiagonalGmm Start(
        FramePool pool, int components, long seed, Tensor shift, Tensor scale, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var frames = (Sample(pool, components * FramesPerCluster, cancellationToken) - shift) / scale;
        var centres = PlusPlus(frames, components, new SplitMix64((ulong)Seeds.Derive(seed, "k-means")), cancellationToken);
        for (var i = 0; i < Iterations; i++)
            centres = Moments(frames, Nearest(frames, centres, cancellationToken), centres).Means;
        var (counts, means, variances) = Moments(frames, Nearest(frames, centres, cancellationToken), centres);
        // A cluster of one frame has no spread, and an empty one no share: both begin as wide as a typical cluster, with the share of one
        // frame.
        var typical = (counts.unsqueeze(1) * variances).sum([0]) / counts.sum();
        var wide = where(counts.unsqueeze(1) > 1, variances, typical.expand_as(variances));
        var weights = counts.clamp_min(1);
        return new DiagonalGmm(weights / weights.sum(), means * scale + shift, (wide * scale * scale).clamp_min(DiagonalGmm.AbsoluteFloor));
    }

    private static Tensor Sample(FramePool pool, int most, CancellationToken cancellationToken)
    {
        var stride = (pool.Frames + most - 1) / most;
        var parts = new List<Tensor>();
        long seen = 0;
        foreach (var chunk in pool.Chunks(cancellationToken))
        {
            using var scope = NewDisposeScope();
            using var frames = chunk;
            var skip = (stride - seen % stride) % stride;
            seen += frames.shape[0];
            if (skip < frames.shape[0])
                parts.Add(frames.slice(0, skip, frames.shape[0], stride).to(ScalarType.Float64).cpu().clone().MoveToOuterDisposeScope());
        }

        return cat(parts, 0);
    }

    private static Tensor PlusPlus(Tensor frames, int components, SplitMix64 random, CancellationToken cancellationToken)
    {
        var chosen = new List<Tensor> { frames[random.Below((int)frames.shape[0])] };
        var distance = (frames - chosen[0]).square().sum(1);
        while (chosen.Count < components)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var cumulative = distance.cumsum(0);
            var total = cumulative[-1].item<double>();
            // All frames alike: every further centre is the same frame, and its cluster stays empty.
            var index = total > 0 ? Math.Min(cumulative.lt(random.Uniform() * total).sum().item<long>(), frames.shape[0] - 1) : 0;
            chosen.Add(frames[index].MoveToOuterDisposeScope());
            var nearer = distance.minimum((frames - chosen[^1]).square().sum(1)).MoveToOuterDisposeScope();
            distance.Dispose();
            distance = nearer;
        }

        return stack(chosen, 0);
    }

    private static Tensor Nearest(Tensor frames, Tensor centres, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var norms = centres.square().sum(1);
        var step = Math.Max(1, DistancesAtOnce / centres.shape[0]);
        var parts = new List<Tensor>();
        for (long at = 0; at < frames.shape[0]; at += step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var block = frames.narrow(0, at, Math.Min(step, frames.shape[0] - at));
            parts.Add((norms - 2 * block.matmul(centres.t())).argmin(1).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    private static (Tensor Counts, Tensor Means, Tensor Variances) Moments(Tensor frames, Tensor cluster, Tensor centres)
    {
        var ofEach = ones(frames.shape[0], ScalarType.Float64, frames.device);
        var counts = zeros(centres.shape[0], ScalarType.Float64, frames.device).index_add_(0, cluster, ofEach, 1);
        var divisor = counts.clamp_min(1).unsqueeze(1);
        var means = where(counts.unsqueeze(1) > 0, zeros_like(centres).index_add_(0, cluster, frames, 1) / divisor, centres);
        var variances = zeros_like(centres).index_add_(0, cluster, (frames - means.index_select(0, cluster)).square(), 1) / divisor;
        return (counts, means, variances);
    }
}

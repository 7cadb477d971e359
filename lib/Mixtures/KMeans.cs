using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>Creates the initial mixture for EM by k-means: one component for each cluster of standardised frames.</summary>
/// <remarks>
/// 1 every n-th frame; 2 k-means++ centres, drawn with SplitMix64; 3 Lloyd's iterations; 4 weight, mean and variances of each cluster.
/// </remarks>
internal static class KMeans
{
    // Enough frames for every cluster; with all frames, k-means would be slower than EM itself.
    private const int FramesPerCluster = 400;
    private const int Iterations = 10;

    // Distances to 65,536 centres, the maximum, would take 17 GB at once; a block for 1024 centres takes 268 MB and a third of a second.
    private const long DistancesPerBlock = 1 << 25;

    /// <param name="pool">The frames.</param>
    /// <param name="components">Number of clusters.</param>
    /// <param name="seed">Seed of the centres; the same seed gives the same mixture.</param>
    /// <param name="shift">Mean of the frames (coefficient), float64.</param>
    /// <param name="scale">Standard deviation of the frames (coefficient), float64.</param>
    /// <param name="cancellationToken">Checked before each chunk, each centre and each block of an iteration.</param>
    public static DiagonalGmm Start(
        FramePool pool, int components, long seed, Tensor shift, Tensor scale, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var frames = (Sample(pool, components * FramesPerCluster, cancellationToken) - shift) / scale;
        var centres = ChooseCentres(frames, components, new SplitMix64((ulong)Seeds.Derive(seed, "k-means")), cancellationToken);
        for (var i = 0; i < Iterations; i++)
            centres = ComputeMoments(frames, FindNearest(frames, centres, cancellationToken), centres).Means;
        var (counts, means, variances) = ComputeMoments(frames, FindNearest(frames, centres, cancellationToken), centres);
        // A cluster of one frame has no variance, and an empty one no weight: both start with the variance of a typical cluster and the
        // weight of one frame.
        var typical = (counts.unsqueeze(1) * variances).sum([0]) / counts.sum();
        var startVariances = where(counts.unsqueeze(1) > 1, variances, typical.expand_as(variances));
        var weights = counts.clamp_min(1);
        return new DiagonalGmm(
            weights / weights.sum(), means * scale + shift,
            (startVariances * scale * scale).clamp_min(DiagonalGmm.AbsoluteFloor));
    }

    private static Tensor Sample(FramePool pool, int maxFrames, CancellationToken cancellationToken)
    {
        var stride = (pool.Frames + maxFrames - 1) / maxFrames;
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

    private static Tensor ChooseCentres(Tensor frames, int components, SplitMix64 random, CancellationToken cancellationToken)
    {
        var chosen = new List<Tensor> { frames[random.Below((int)frames.shape[0])] };
        var distance = (frames - chosen[0]).square().sum(1);
        while (chosen.Count < components)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var cumulative = distance.cumsum(0);
            var total = cumulative[-1].item<double>();
            // If all frames are equal, every further centre is the same frame, and its cluster stays empty.
            var index = total > 0 ? Math.Min(cumulative.lt(random.Uniform() * total).sum().item<long>(), frames.shape[0] - 1) : 0;
            chosen.Add(frames[index].MoveToOuterDisposeScope());
            var updated = distance.minimum((frames - chosen[^1]).square().sum(1)).MoveToOuterDisposeScope();
            distance.Dispose();
            distance = updated;
        }

        return stack(chosen, 0);
    }

    private static Tensor FindNearest(Tensor frames, Tensor centres, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var norms = centres.square().sum(1);
        var blockFrames = Math.Max(1, DistancesPerBlock / centres.shape[0]);
        var parts = new List<Tensor>();
        for (long at = 0; at < frames.shape[0]; at += blockFrames)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var block = frames.narrow(0, at, Math.Min(blockFrames, frames.shape[0] - at));
            parts.Add((norms - 2 * block.matmul(centres.t())).argmin(1).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    private static (Tensor Counts, Tensor Means, Tensor Variances) ComputeMoments(Tensor frames, Tensor cluster, Tensor centres)
    {
        var onePerFrame = ones(frames.shape[0], ScalarType.Float64, frames.device);
        var counts = zeros(centres.shape[0], ScalarType.Float64, frames.device).index_add_(0, cluster, onePerFrame, 1);
        var divisor = counts.clamp_min(1).unsqueeze(1);
        var means = where(counts.unsqueeze(1) > 0, zeros_like(centres).index_add_(0, cluster, frames, 1) / divisor, centres);
        var variances = zeros_like(centres).index_add_(0, cluster, (frames - means.index_select(0, cluster)).square(), 1) / divisor;
        return (counts, means, variances);
    }
}

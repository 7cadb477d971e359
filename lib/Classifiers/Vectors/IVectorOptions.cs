using DeviceId.Data;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="IVectors"/>. The background model is the front end's.</summary>
[OptionsKind("iVectors")]
public sealed record IVectorOptions : VectorOptions
{
    /// <summary>Number of values of an i-vector, the rank of the total variability matrix.</summary>
    public int Rank { get; init; } = 50;

    /// <summary>EM iterations.</summary>
    public int Iterations { get; init; } = 5;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Rank is < 1 or > 1000)
            yield return $"Rank is {Rank}: it must lie between 1 and 1000.";
        if (Iterations < 1)
            yield return $"Iterations is {Iterations}: it must be at least 1.";
    }

    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd)
    {
        if (!frontEnd.WithSupervectors)
            yield return "i-vectors need a background model, but WithSupervectors is off: switch it on.";
        if (frontEnd.StandardiseSegments)
            yield return "i-vectors need the frames as the background model was trained on them: switch StandardiseSegments off.";
        if (frontEnd.BackgroundFeature != 0)
            yield return "i-vectors read the columns of the first feature: train the background model on it (BackgroundFeature = 0).";
    }

    internal override VectorExtractor Fit(
        TrainDataset train, VectorContext context, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var background = context.Background ?? throw new ArgumentException("i-vectors need a background model.");
        using var statistics = new SegmentStatistics(background, context.Device);
        var (counts, sums) = statistics.Compute(train.Segments, cancellationToken);
        var matrix = TotalVariability.Fit(counts, sums, Rank, Iterations, context.Seed, progress, cancellationToken);
        return new IVectors(
            background.Weights.clone(), background.Means.clone(), background.Variances.clone(), matrix, context.Device);
    }

    internal override VectorExtractor Restore(StateReader state, long length, Device device)
    {
        if (length != Rank)
            throw new ArgumentException($"i-vectors of rank {Rank} do not have {length} values");
        var means = state.Take("means", StateReader.Any, StateReader.Any);
        var (components, columns) = (means.shape[0], means.shape[1]);
        return new IVectors(
            state.Take("weights", components), means, state.Take("variances", components, columns),
            state.Take("matrix", components, columns, length), device);
    }
}

/// <summary>
/// i-vectors: the mean w of the posterior N(w; L^-1 sum_c T_c'F_c, L^-1) with L = I + sum_c n_c T_c'T_c. n_c are the zeroth-order
/// statistics of the segment under the background model, F_c the first-order statistics, centred and divided by the standard deviations,
/// and T the total variability matrix.
/// </summary>
/// <remarks>
/// N. Dehak et al., "Front-end factor analysis for speaker verification", IEEE TASLP 19(4), 2011. A constant channel is kept as far as T
/// spans it: it is what the devices differ in.
/// </remarks>
internal sealed class IVectors : VectorExtractor
{
    private readonly DiagonalGmm _background;
    private readonly SegmentStatistics _statistics;

    /// <param name="weights">Weights of the background model (component); taken over.</param>
    /// <param name="means">Its means (component, column); taken over.</param>
    /// <param name="variances">Its variances (component, column); taken over.</param>
    /// <param name="matrix">T (component, column, rank); taken over.</param>
    /// <param name="device">Compute device.</param>
    /// <exception cref="ArgumentException">The background model is invalid.</exception>
    public IVectors(Tensor weights, Tensor means, Tensor variances, Tensor matrix, Device device)
        : base(("weights", weights), ("means", means), ("variances", variances), ("matrix", matrix))
    {
        _background = new DiagonalGmm(weights, means, variances);
        _statistics = new SegmentStatistics(_background, device);
    }

    public override Tensor Compute(SampleBatch samples, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (counts, sums) = _statistics.Compute(samples.Segments, cancellationToken);
        return TotalVariability.Posterior(State[3].Tensor, counts, sums, cancellationToken).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _statistics.Dispose();
        _background.Dispose();
        base.Dispose();
    }
}

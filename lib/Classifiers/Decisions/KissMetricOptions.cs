using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="KissMetric"/>.</summary>
/// <remarks>Reduce the vectors to 40 to 100 dimensions first (<see cref="PcaOptions"/>).</remarks>
[OptionsKind("kissMetric")]
public sealed record KissMetricOptions : DecisionOptions
{
    /// <summary>Shrinkage of both covariances, from 0 (none) to 1 (spheres).</summary>
    public double Shrinkage { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => ShrinkageProblems(Shrinkage);

    internal override Decision Fit(TrainingVectors train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (same, different) = KissMetric.PairCovariances(train);
        var metric = linalg.inv(Covariance.Shrink(same, Shrinkage)) - linalg.inv(Covariance.Shrink(different, Shrinkage));
        cancellationToken.ThrowIfCancellationRequested();
        var (values, vectors) = linalg.eigh((metric + metric.t()) / 2);
        var factor = (vectors * values.clamp_min(0).sqrt()).contiguous();
        return new KissMetric(factor, train.Means().mm(factor));
    }

    internal override Decision Restore(StateReader state, long inputs, int classes) =>
        new KissMetric(state.Take("factor", inputs, inputs), state.Take("means", classes, inputs));
}

/// <summary>
/// KISS metric: the score of two vectors is -(x - y)'M (x - y) with M = S_same^-1 - S_diff^-1, negative eigenvalues set to 0. S_same and
/// S_diff are the means of (x - y)(x - y)' over pairs of training vectors of one device and of two devices. A device is represented by the
/// mean of its vectors.
/// </summary>
/// <remarks>
/// M. Köstinger et al., "Large scale metric learning from equivalence constraints", CVPR 2012: up to a constant, the score is the
/// log-likelihood ratio of normal differences.
/// </remarks>
/// <param name="factor">A (value, value) with A A' = M; taken over.</param>
/// <param name="means">Means of the classes times A (class, value); taken over.</param>
internal sealed class KissMetric(Tensor factor, Tensor means) : Decision(("factor", factor), ("means", means)), IPairScorer
{
    public override Tensor Scores(Tensor vectors, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        return (-NearestMean.SquaredDistances(vectors.mm(State[0].Tensor), State[1].Tensor)).MoveToOuterDisposeScope();
    }

    public Tensor PairScores(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return (-NearestMean.SquaredDistances(one.mm(State[0].Tensor), other.mm(State[0].Tensor))).MoveToOuterDisposeScope();
    }

    /// <summary>S_same and S_diff (value, value), over all pairs.</summary>
    /// <remarks>
    /// No loop over pairs: the sum of (x_i - x_j)(x_i - x_j)' over all pairs of n vectors is n times their scatter about their mean.
    /// </remarks>
    public static (Tensor Same, Tensor Different) PairCovariances(TrainingVectors train)
    {
        using var scope = NewDisposeScope();
        var counts = train.Counts();
        var samePairs = (counts * (counts - 1) / 2).sum().item<double>();
        var allPairs = train.Count * (train.Count - 1) / 2.0;
        var centred = train.Values - train.Means().index_select(0, train.Labels);
        var same = centred.t().mm(centred * counts.index_select(0, train.Labels).unsqueeze(1));
        var fromMean = train.Values - train.Values.mean([0]);
        var different = (fromMean.t().mm(fromMean) * train.Count) - same;
        return ((same / Math.Max(samePairs, 1)).MoveToOuterDisposeScope(),
            (different / Math.Max(allPairs - samePairs, 1)).MoveToOuterDisposeScope());
    }
}

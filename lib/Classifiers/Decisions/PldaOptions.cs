using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="Plda"/>.</summary>
/// <remarks>Reduce the vectors first, such as by <see cref="LdaOptions"/>, and scale them to unit length.</remarks>
[OptionsKind("plda")]
public sealed record PldaOptions : DecisionOptions
{
    /// <summary>EM iterations.</summary>
    public int Iterations { get; init; } = 10;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => CountProblems(nameof(Iterations), Iterations, min: 1);

    internal override Decision Fit(TrainingVectors train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (axes, between) = TwoCovarianceModel.Fit(train, Iterations, cancellationToken);
        var mean = train.Values.mean([0]);
        var sums = train.Membership().t().mm((train.Values - mean).mm(axes));
        return new Plda(mean, axes, between, sums, train.Counts());
    }

    internal override Decision Restore(StateReader state, long inputs, int classes)
    {
        var (between, counts) = (state.Take("between", inputs), state.Take("counts", classes));
        return between.min().item<double>() >= 0 && counts.min().item<double>() >= 0
            ? new Plda(state.Take("mean", inputs), state.Take("axes", inputs, inputs), between, state.Take("sums", classes, inputs), counts)
            : throw new ArgumentException("a variance or a number of vectors is negative");
    }
}

/// <summary>
/// Probabilistic linear discriminant analysis with two covariances: x = m + y + e, where y ~ N(0, B) is the device's and e ~ N(0, W) the
/// sample's. The score of a device is the log-likelihood ratio (nats) of "x and the device's training vectors have the same y" and "they
/// have different ones".
/// </summary>
/// <remarks>
/// N. Brümmer, E. de Villiers, "The speaker partitioning problem", Odyssey 2010. In axes with W = I and B = diag(b), a device with n
/// vectors and their sum s has the posterior y ~ N(b s / (1 + n b), b / (1 + n b)), each axis by itself, so that the ratio is a sum over
/// the axes.
/// </remarks>
/// <param name="mean">m (value); taken over.</param>
/// <param name="axes">V (value, axis) with V'W V = I and V'B V = diag(b); taken over.</param>
/// <param name="between">b (axis); taken over.</param>
/// <param name="sums">s, in the axes (class, axis); taken over.</param>
/// <param name="counts">n (class); taken over.</param>
internal sealed class Plda(Tensor mean, Tensor axes, Tensor between, Tensor sums, Tensor counts)
    : Decision(("mean", mean), ("axes", axes), ("between", between), ("sums", sums), ("counts", counts)), IPairScorer
{
    public override Tensor Scores(Tensor vectors, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        return Compare(InAxes(vectors), State[3].Tensor, State[4].Tensor).MoveToOuterDisposeScope();
    }

    public Tensor PairScores(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return Compare(InAxes(one), InAxes(other), ones([other.shape[0]], ScalarType.Float64, other.device)).MoveToOuterDisposeScope();
    }

    private Tensor InAxes(Tensor vectors) => (vectors - State[0].Tensor).mm(State[1].Tensor);

    /// <summary>
    /// log N(z; b s / (1 + n b), 1 + b / (1 + n b)) - log N(z; 0, 1 + b), summed over the axes, (vector, class): products of z, z^2 and 1
    /// with coefficients of the classes.
    /// </summary>
    private Tensor Compare(Tensor z, Tensor sumOf, Tensor countOf)
    {
        var b = State[2].Tensor.unsqueeze(0);
        var posterior = b / (1 + (countOf.unsqueeze(1) * b));
        var (expected, variance) = (posterior * sumOf, posterior + 1);
        var quadratic = (1 / (1 + b)) - (1 / variance);
        var constant = ((1 + b).log() - variance.log() - (expected.square() / variance)).sum([1]);
        return (z.square().mm(quadratic.t()) / 2) + z.mm((expected / variance).t()) + (constant / 2);
    }
}

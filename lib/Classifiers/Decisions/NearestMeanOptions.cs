using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="NearestMean"/>.</summary>
[OptionsKind("nearestMean")]
public sealed record NearestMeanOptions : DecisionOptions
{
    /// <summary>Whether the cosine of the angle is the score instead of minus the squared Euclidean distance.</summary>
    public bool Cosine { get; init; }

    internal override Decision Fit(TrainingVectors train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken) =>
        new NearestMean(train.Means(), Cosine);

    internal override Decision Restore(StateReader state, long inputs, int classes) =>
        new NearestMean(state.Take("means", classes, inputs), Cosine);
}

/// <summary>The device whose mean is nearest: score -|x - m|^2, or the cosine x'm / (|x| |m|).</summary>
/// <param name="means">m (class, value); taken over.</param>
/// <param name="cosine">Whether the score is the cosine.</param>
internal sealed class NearestMean(Tensor means, bool cosine) : Decision(("means", means)), IPairScorer
{
    public override Tensor Scores(Tensor vectors, CancellationToken cancellationToken) => PairScores(vectors, State[0].Tensor);

    public Tensor PairScores(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        var scores = cosine ? UnitLength.Scale(one).mm(UnitLength.Scale(other).t()) : -SquaredDistances(one, other);
        return scores.MoveToOuterDisposeScope();
    }

    /// <summary>Squared Euclidean distances (row of one, row of other).</summary>
    internal static Tensor SquaredDistances(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        var squares = one.square().sum([1], keepdim: true) + other.square().sum([1]).unsqueeze(0);

        // Rounding may make the difference slightly negative.
        return (squares - (2 * one.mm(other.t()))).clamp_min(0).MoveToOuterDisposeScope();
    }
}

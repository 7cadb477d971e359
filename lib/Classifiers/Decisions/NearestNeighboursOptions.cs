using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="NearestNeighbours"/>.</summary>
[OptionsKind("nearestNeighbours")]
public sealed record NearestNeighboursOptions : DecisionOptions
{
    /// <summary>Number of neighbours k; all training samples if there are fewer.</summary>
    public int Neighbours { get; init; } = 5;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => CountProblems(nameof(Neighbours), Neighbours, min: 1);

    internal override Decision Fit(TrainingVectors train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken) =>
        new NearestNeighbours(train.Values.clone(), train.Labels.clone(), train.Classes, Neighbours);

    internal override Decision Restore(StateReader state, long inputs, int classes)
    {
        var samples = state.Take("samples", StateReader.Any, inputs);
        return new NearestNeighbours(samples, state.TakeLabels("labels", samples.shape[0], classes), classes, Neighbours);
    }
}

/// <summary>
/// k nearest neighbours: the score of a device is its share of the k nearest training samples. Ties are broken by the distance of the
/// device's nearest sample, which changes a score by less than half a vote. T. M. Cover, P. E. Hart, 1967.
/// </summary>
/// <param name="samples">Training vectors (sample, value); taken over.</param>
/// <param name="labels">Their classes (sample); taken over.</param>
/// <param name="classes">Number of classes.</param>
/// <param name="neighbours">k.</param>
internal sealed class NearestNeighbours(Tensor samples, Tensor labels, int classes, int neighbours)
    : Decision(("samples", samples), ("labels", labels))
{
    private const int BlockSamples = 256;

    public override Tensor Scores(Tensor vectors, CancellationToken cancellationToken) =>
        SampleBlocks.Compute(vectors, BlockSamples, ScoreBlock, cancellationToken);

    private Tensor ScoreBlock(Tensor vectors)
    {
        var (train, classOf) = (State[0].Tensor, State[1].Tensor);
        var distances = NearestMean.SquaredDistances(vectors, train).sqrt();
        var k = (int)Math.Min(neighbours, train.shape[0]);
        var nearest = classOf.index_select(0, distances.topk(k, largest: false).indexes.reshape(-1));
        var votes = TrainingVectors.MembershipOf(nearest, classes).view(vectors.shape[0], k, classes).mean([1]);
        var byClass = stack(Enumerable.Range(0, classes).Select(c => NearestOf(distances, classOf.eq(c))).ToArray(), 1);
        var furthest = byClass.amax([1], keepdim: true).clamp_min(double.Epsilon);
        return votes - (byClass / furthest / (2.0 * k + 1));
    }

    /// <summary>Distance of the nearest of the chosen samples; of the furthest of all if none is chosen.</summary>
    private static Tensor NearestOf(Tensor distances, Tensor chosen) =>
        where(chosen, distances, distances.amax([1], keepdim: true)).amin([1]);
}

using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="Supervectors"/>. Scaling, standardisation and relevance factor are those of the front end.</summary>
[OptionsKind("supervectors")]
public sealed record SupervectorOptions : VectorOptions
{
    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd)
    {
        if (!frontEnd.WithSupervectors)
            yield return "The vectors are supervectors, but WithSupervectors is off: switch it on.";
    }

    internal override VectorExtractor Fit(
        TrainDataset train, VectorContext context, IProgress<WorkProgress>? progress, CancellationToken cancellationToken) =>
        new Supervectors();

    internal override VectorExtractor Restore(StateReader state, long length, Device device) => new Supervectors();
}

/// <summary>
/// The supervector of the front end: the means of the background model, adapted to the segment. A constant channel is kept as far as the
/// adaptation follows it: in component c by the factor n_c / (n_c + tau), with n_c frames and the relevance factor tau.
/// </summary>
internal sealed class Supervectors : VectorExtractor
{
    public override Tensor Compute(SampleBatch samples, CancellationToken cancellationToken) =>
        samples.Supervectors.to(ScalarType.Float64, CPU);
}

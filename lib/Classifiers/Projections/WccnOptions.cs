using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of within-class covariance normalisation: y = (x - m) A with A A' = W^-1, so that the vectors of one device vary equally in all
/// directions. W is the covariance within the devices, shrunk towards a sphere.
/// </summary>
/// <remarks>
/// A. O. Hatch, S. Kajarekar, A. Stolcke, "Within-class covariance normalization for SVM-based speaker recognition", Interspeech 2006.
/// </remarks>
[OptionsKind("wccn")]
public sealed record WccnOptions : ProjectionOptions
{
    /// <summary>Shrinkage of W, from 0 (none) to 1 (a sphere).</summary>
    public double Shrinkage { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => ShrinkageProblems(Shrinkage);

    internal override Projection Fit(TrainingVectors train, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var within = Covariance.Shrink(train.WithinScatter(), Shrinkage);
        cancellationToken.ThrowIfCancellationRequested();
        return new LinearProjection(train.Values.mean([0]), Covariance.Whitening(within));
    }

    internal override Projection Restore(StateReader state, long inputs) => LinearProjection.Restore(state, inputs);
}

using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of Gaussian discriminant analysis with a shared covariance, also called LDA as a classifier: the score of device c is
/// m_c'W^-1 x - m_c'W^-1 m_c / 2, its log-likelihood up to a term that all devices share.
/// </summary>
/// <remarks>
/// W is the covariance within the devices, shrunk towards a sphere; all devices have equal prior probabilities. T. Hastie, R. Tibshirani,
/// J. Friedman, "The elements of statistical learning", 2009, 4.3.
/// </remarks>
[OptionsKind("gaussianDiscriminant")]
public sealed record GaussianDiscriminantOptions : DecisionOptions
{
    /// <summary>Shrinkage of W, from 0 (none) to 1 (a sphere).</summary>
    public double Shrinkage { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => ShrinkageProblems(Shrinkage);

    internal override Decision Fit(TrainingVectors train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var factor = linalg.cholesky(Covariance.Shrink(train.WithinScatter(), Shrinkage));
        cancellationToken.ThrowIfCancellationRequested();

        // Relative to the mean of all vectors, so that large values cancel before they are multiplied.
        var mean = train.Values.mean([0]);
        var offsets = train.Means() - mean;
        var matrix = offsets.t().cholesky_solve(factor);
        var bias = -(offsets.t() * matrix).sum([0]) / 2 - mean.unsqueeze(0).mm(matrix).squeeze(0);
        return new LinearDecision(matrix.contiguous(), bias);
    }

    internal override Decision Restore(StateReader state, long inputs, int classes) => LinearDecision.Restore(state, inputs, classes);
}

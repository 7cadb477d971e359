using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of collaborative-representation classification: as <see cref="SparseRepresentationOptions"/>, but with the coefficients of
/// regularised least squares, a closed form.
/// </summary>
/// <remarks>
/// L. Zhang, M. Yang, X. Feng, "Sparse representation or collaborative representation: which helps face recognition?", ICCV 2011. The score
/// is minus the plain squared residual of the device's own atoms.
/// </remarks>
[OptionsKind("collaborativeRepresentation")]
public sealed record CollaborativeRepresentationOptions : DecisionOptions
{
    /// <summary>Weight lambda of the squared coefficients.</summary>
    public double Penalty { get; init; } = 0.1;

    /// <summary>Training vectors of each device in the dictionary, evenly spaced; 0 for all.</summary>
    public int SamplesPerDevice { get; init; } = 40;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
        [.. CountProblems(nameof(SamplesPerDevice), SamplesPerDevice, min: 0), .. PositiveProblems(nameof(Penalty), Penalty)];

    internal override Decision Fit(TrainingVectors train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var few = train.Limit(SamplesPerDevice);
        return new ClassResiduals(UnitLength.Scale(few.Values), few.Labels.clone(), train.Classes, nonZeros: 1, MakeCoder);
    }

    internal override Decision Restore(StateReader state, long inputs, int classes) =>
        ClassResiduals.Restore(state, inputs, classes, nonZeros: 1, MakeCoder);

    private LeastSquaresCoder MakeCoder(TorchSharp.torch.Tensor gram) => new(gram, Penalty);
}

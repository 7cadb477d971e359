using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of sparse-representation classification: a vector is represented by few training vectors of all devices, and the device whose
/// own vectors leave the smallest residual wins (<see cref="ClassResiduals"/>).
/// </summary>
/// <remarks>
/// J. Wright et al., "Robust face recognition via sparse representation", IEEE TPAMI 31(2), 2009. All vectors are scaled to unit length:
/// subtract their mean first (<see cref="UnitLengthOptions"/>), else all atoms are nearly parallel.
/// </remarks>
[OptionsKind("sparseRepresentation")]
public sealed record SparseRepresentationOptions : DecisionOptions
{
    /// <summary>How the coefficients are found.</summary>
    public SparseSolver Solver { get; init; } = SparseSolver.MatchingPursuit;

    /// <summary>Atoms that matching pursuit uses for a vector.</summary>
    public int NonZeros { get; init; } = 20;

    /// <summary>Weight lambda of the 1-norm in <see cref="SparseSolver.Fista"/>.</summary>
    public double Penalty { get; init; } = 0.05;

    /// <summary>Training vectors of each device in the dictionary, evenly spaced; 0 for all.</summary>
    public int SamplesPerDevice { get; init; } = 40;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
    [
        .. CountProblems(nameof(NonZeros), NonZeros, min: 1),
        .. CountProblems(nameof(SamplesPerDevice), SamplesPerDevice, min: 0),
        .. PositiveProblems(nameof(Penalty), Penalty),
        .. Enum.IsDefined(Solver) ? Array.Empty<string>() : [$"Solver is {(int)Solver}, which is not a defined value."],
    ];

    internal override Decision Fit(TrainingVectors train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var few = train.Limit(SamplesPerDevice);
        return new ClassResiduals(UnitLength.Scale(few.Values), few.Labels.clone(), train.Classes, NonZeros, MakeCoder);
    }

    internal override Decision Restore(StateReader state, long inputs, int classes) =>
        ClassResiduals.Restore(state, inputs, classes, NonZeros, MakeCoder);

    private SparseCoder MakeCoder(TorchSharp.torch.Tensor gram) =>
        Solver == SparseSolver.Fista ? new Fista(gram, Penalty) : new MatchingPursuit(gram, NonZeros);
}

/// <summary>How sparse coefficients are found.</summary>
public enum SparseSolver
{
    /// <summary>Orthogonal matching pursuit: a fixed number of atoms, chosen one after the other.</summary>
    MatchingPursuit,

    /// <summary>
    /// Least squares with a penalty on the 1-norm of the coefficients. Slow to answer: 200 products with the Gram matrix of all atoms,
    /// which does not fit into the processor's cache.
    /// </summary>
    Fista,
}

using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of K-SVD: few atoms are learned for each device from its own training vectors (<see cref="DictionaryLearning"/>), and the
/// device whose atoms leave the smallest residual wins (<see cref="ClassResiduals"/>).
/// </summary>
/// <remarks>
/// L. Zou, Q. He, J. Wu, "Source cell phone verification from speech recordings using sparse representation", DSP 62, 2017, use it on
/// supervectors. All vectors are scaled to unit length: subtract their mean first (<see cref="UnitLengthOptions"/>).
/// </remarks>
[OptionsKind("kSvd")]
public sealed record KSvdOptions : DecisionOptions
{
    /// <summary>Atoms of each device; fewer if it has fewer training vectors.</summary>
    public int AtomsPerDevice { get; init; } = 10;

    /// <summary>Atoms that represent a vector, in training and test.</summary>
    public int NonZeros { get; init; } = 5;

    /// <summary>Iterations of the training.</summary>
    public int Iterations { get; init; } = 10;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
    [
        .. CountProblems(nameof(AtomsPerDevice), AtomsPerDevice, min: 1), .. CountProblems(nameof(NonZeros), NonZeros, min: 1),
        .. CountProblems(nameof(Iterations), Iterations, min: 1),
    ];

    internal override Decision Fit(TrainingVectors train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var start = train.Limit(AtomsPerDevice);
        var (unit, startAtoms) = (UnitLength.Scale(train.Values), UnitLength.Scale(start.Values));
        var (atoms, labels) = (new List<Tensor>(), new List<Tensor>());
        for (var c = 0; c < train.Classes; c++)
        {
            var own = unit.index_select(0, train.Labels.eq(c).nonzero().squeeze(1));
            var first = startAtoms.index_select(0, start.Labels.eq(c).nonzero().squeeze(1));
            if (first.shape[0] == 0)
                continue;
            atoms.Add(DictionaryLearning.Learn(own, first, NonZeros, Iterations, cancellationToken));
            labels.Add(full(first.shape[0], c, ScalarType.Int64, CPU));
            progress?.Report(new WorkProgress("K-SVD", c + 1, train.Classes));
        }

        return new ClassResiduals(cat(atoms, 0), cat(labels, 0), train.Classes, NonZeros, MakeCoder);
    }

    internal override Decision Restore(StateReader state, long inputs, int classes) =>
        ClassResiduals.Restore(state, inputs, classes, NonZeros, MakeCoder);

    private MatchingPursuit MakeCoder(Tensor gram) => new(gram, NonZeros);
}

using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="DiscriminativeKSvd"/>.</summary>
[OptionsKind("discriminativeKSvd")]
public sealed record DiscriminativeKSvdOptions : DecisionOptions
{
    /// <summary>Atoms of the dictionary for each device; fewer if it has fewer training vectors.</summary>
    public int AtomsPerDevice { get; init; } = 10;

    /// <summary>Atoms that represent a vector, in training and test.</summary>
    public int NonZeros { get; init; } = 8;

    /// <summary>Iterations of the training.</summary>
    public int Iterations { get; init; } = 10;

    /// <summary>Weight gamma of the labels beside the vectors.</summary>
    public double LabelWeight { get; init; } = 4;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
    [
        .. CountProblems(nameof(AtomsPerDevice), AtomsPerDevice, min: 1), .. CountProblems(nameof(NonZeros), NonZeros, min: 1),
        .. CountProblems(nameof(Iterations), Iterations, min: 1), .. PositiveProblems(nameof(LabelWeight), LabelWeight),
    ];

    internal override Decision Fit(TrainingVectors train, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var start = train.Limit(AtomsPerDevice);
        Tensor WithLabels(TrainingVectors vectors) =>
            cat([UnitLength.Scale(vectors.Values), vectors.Membership() * Math.Sqrt(LabelWeight)], 1);
        var learned = DictionaryLearning.Learn(
            WithLabels(train), UnitLength.Scale(WithLabels(start)), NonZeros, Iterations, cancellationToken);
        var (atoms, labels) = (learned.narrow(1, 0, train.Length), learned.narrow(1, train.Length, train.Classes));

        // An atom of labels only cannot represent a test vector.
        var norms = atoms.square().sum([1], keepdim: true).sqrt();
        var usable = norms.squeeze(1).gt(1e-6);
        var divisor = where(usable.unsqueeze(1), norms, ones_like(norms));
        var weights = labels / divisor / Math.Sqrt(LabelWeight) * usable.unsqueeze(1);
        return new DiscriminativeKSvd((atoms / divisor).contiguous(), weights.contiguous(), NonZeros);
    }

    internal override Decision Restore(StateReader state, long inputs, int classes)
    {
        var atoms = state.Take("atoms", StateReader.Any, inputs);
        return new DiscriminativeKSvd(atoms, state.Take("weights", atoms.shape[0], classes), NonZeros);
    }
}

/// <summary>
/// D-KSVD: one dictionary for all devices, learned together with a linear classifier of the coefficients. K-SVD of the vectors
/// [y; sqrt(gamma) h] with the labels h (1 for the device, else 0) gives atoms [d; sqrt(gamma) w]; afterwards d_k and w_k are divided by
/// |d_k|. The score of device c is sum_k a_k w_kc with the coefficients a of the vector, scaled to unit length.
/// </summary>
/// <remarks>Q. Zhang, B. Li, "Discriminative K-SVD for dictionary learning in face recognition", CVPR 2010.</remarks>
internal sealed class DiscriminativeKSvd : Decision
{
    private readonly MatchingPursuit _coder;
    private readonly long _blockSamples;

    /// <param name="atoms">d_k (atom, value), of unit length; taken over.</param>
    /// <param name="weights">w (atom, class); taken over.</param>
    /// <param name="nonZeros">Atoms that represent a vector.</param>
    public DiscriminativeKSvd(Tensor atoms, Tensor weights, int nonZeros)
        : base(("atoms", atoms), ("weights", weights))
    {
        using var scope = NewDisposeScope();
        _coder = new MatchingPursuit(SparseCoder.GramOf(atoms), nonZeros);
        _blockSamples = Math.Max(1, (1L << 24) / (atoms.shape[0] * Math.Min(nonZeros, atoms.shape[0])));
    }

    public override Tensor Scores(Tensor vectors, CancellationToken cancellationToken) =>
        SampleBlocks.Compute(vectors, _blockSamples, ScoreBlock, cancellationToken);

    public override void Dispose()
    {
        _coder.Dispose();
        base.Dispose();
    }

    private Tensor ScoreBlock(Tensor vectors) => _coder.Code(UnitLength.Scale(vectors).mm(State[0].Tensor.t())).mm(State[1].Tensor);
}

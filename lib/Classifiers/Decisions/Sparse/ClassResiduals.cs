using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Represents a vector y, scaled to unit length, by the atoms of all devices; the score of a device is minus the squared residual
/// |y - sum a_k d_k|^2 over the device's own atoms k.
/// </summary>
internal sealed class ClassResiduals : Decision
{
    // The rows of the Gram matrix that matching pursuit copies for a block take a quarter of a gigabyte.
    private const long BlockValues = 1 << 25;

    private readonly SparseCoder _coder;
    private readonly Tensor _membership;
    private readonly Tensor _gramWithin;
    private readonly long _blockSamples;

    /// <param name="atoms">d_k (atom, value), of unit length; taken over.</param>
    /// <param name="labels">Class of each atom (atom); taken over.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="nonZeros">Atoms that the coder uses for a vector.</param>
    /// <param name="makeCoder">Makes the coder from the Gram matrix (atom, atom), which it owns.</param>
    public ClassResiduals(Tensor atoms, Tensor labels, int classes, long nonZeros, Func<Tensor, SparseCoder> makeCoder)
        : base(("atoms", atoms), ("labels", labels))
    {
        using var scope = NewDisposeScope();
        var gram = SparseCoder.GramOf(atoms);
        _coder = makeCoder(gram);
        _membership = TrainingVectors.MembershipOf(labels, classes).DetachFromDisposeScope();
        _gramWithin = (gram * _membership.mm(_membership.t())).DetachFromDisposeScope();
        _blockSamples = Math.Max(1, BlockValues / (atoms.shape[0] * Math.Min(nonZeros, atoms.shape[0])));
    }

    /// <summary>Restores a decision of this form.</summary>
    public static ClassResiduals Restore(
        StateReader state, long inputs, int classes, long nonZeros, Func<Tensor, SparseCoder> makeCoder)
    {
        var atoms = state.Take("atoms", StateReader.Any, inputs);
        return new ClassResiduals(atoms, state.TakeLabels("labels", atoms.shape[0], classes), classes, nonZeros, makeCoder);
    }

    public override Tensor Scores(Tensor vectors, CancellationToken cancellationToken) =>
        SampleBlocks.Compute(vectors, _blockSamples, ScoreBlock, cancellationToken);

    public override void Dispose()
    {
        _coder.Dispose();
        _membership.Dispose();
        _gramWithin.Dispose();
        base.Dispose();
    }

    // |y - D_c'a|^2 = |y|^2 - 2 a'D_c y + a'G_c a.
    private Tensor ScoreBlock(Tensor vectors)
    {
        var unit = UnitLength.Scale(vectors);
        var correlations = unit.mm(State[0].Tensor.t());
        var coefficients = _coder.Code(correlations);
        var products = (coefficients.mm(_gramWithin) - (2 * correlations)) * coefficients;
        return -(unit.square().sum([1], keepdim: true) + products.mm(_membership));
    }
}

using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Scores vectors for each device.</summary>
internal abstract class Decision : FittedPart
{
    /// <inheritdoc/>
    protected Decision(params (string Name, Tensor Tensor)[] state)
        : base(state)
    {
    }

    /// <summary>Scores vectors.</summary>
    /// <param name="vectors">(sample, value), float64.</param>
    /// <param name="cancellationToken">Checked at least every few seconds.</param>
    /// <returns>(sample, class), higher for the likelier class.</returns>
    public abstract Tensor Scores(Tensor vectors, CancellationToken cancellationToken);
}

/// <summary>A decision that also scores whether two vectors are of one device, devices that were never trained included.</summary>
internal interface IPairScorer
{
    /// <summary>Scores all pairs of vectors.</summary>
    /// <param name="one">(vector, value), float64.</param>
    /// <param name="other">(other vector, value), float64.</param>
    /// <returns>(vector, other vector), higher if both are likelier of one device.</returns>
    Tensor PairScores(Tensor one, Tensor other);
}

/// <summary>Scores that are linear: x A + b.</summary>
/// <param name="matrix">A (value, class); taken over.</param>
/// <param name="bias">b (class); taken over.</param>
internal sealed class LinearDecision(Tensor matrix, Tensor bias) : Decision(("matrix", matrix), ("bias", bias))
{
    /// <summary>Restores a decision of this form.</summary>
    public static LinearDecision Restore(StateReader state, long inputs, int classes) =>
        new(state.Take("matrix", inputs, classes), state.Take("bias", classes));

    public override Tensor Scores(Tensor vectors, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        return (vectors.mm(State[0].Tensor) + State[1].Tensor).MoveToOuterDisposeScope();
    }
}

using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Maps vectors to vectors.</summary>
internal abstract class Projection : FittedPart
{
    /// <inheritdoc/>
    protected Projection(params (string Name, Tensor Tensor)[] state)
        : base(state)
    {
    }

    /// <summary>Number of values of a vector after the projection.</summary>
    public abstract long Outputs { get; }

    /// <summary>Projects vectors.</summary>
    /// <param name="vectors">(sample, value), float64.</param>
    /// <returns>(sample, output value), float64.</returns>
    public abstract Tensor Apply(Tensor vectors);
}

/// <summary>y = (x - m) A.</summary>
/// <param name="mean">m (value); taken over.</param>
/// <param name="matrix">A (value, output value); taken over.</param>
internal sealed class LinearProjection(Tensor mean, Tensor matrix) : Projection(("mean", mean), ("matrix", matrix))
{
    public override long Outputs { get; } = matrix.shape[1];

    /// <summary>Restores a projection of this form.</summary>
    /// <param name="state">The tensors.</param>
    /// <param name="inputs">Number of values of a vector before the projection.</param>
    public static LinearProjection Restore(StateReader state, long inputs) =>
        new(state.Take("mean", inputs), state.Take("matrix", inputs, StateReader.Any));

    public override Tensor Apply(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        return (vectors - State[0].Tensor).mm(State[1].Tensor).MoveToOuterDisposeScope();
    }
}

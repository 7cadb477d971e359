using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>
/// Settings of a standardisation: y_i = (x_i - m_i) / s_i with mean and standard deviation (divisor N) of each value over the training
/// vectors. A value that is constant in training is divided by 1.
/// </summary>
[OptionsKind("standardisation")]
public sealed record StandardisationOptions : ProjectionOptions
{
    private const double MinStandardDeviation = 1e-6;

    internal override Projection Fit(TrainingVectors train, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var mean = train.Values.mean([0]);
        var deviation = (train.Values - mean).square().mean([0]).sqrt();
        var constant = deviation.lt(MinStandardDeviation);
        return new Standardisation(mean, where(constant, ones_like(deviation), deviation).reciprocal());
    }

    internal override Projection Restore(StateReader state, long inputs) =>
        new Standardisation(state.Take("mean", inputs), state.Take("factor", inputs));

    private sealed class Standardisation(Tensor mean, Tensor factor) : Projection(("mean", mean), ("factor", factor))
    {
        public override long Outputs { get; } = mean.shape[0];

        public override Tensor Apply(Tensor vectors)
        {
            using var scope = NewDisposeScope();
            return ((vectors - State[0].Tensor) * State[1].Tensor).MoveToOuterDisposeScope();
        }
    }
}

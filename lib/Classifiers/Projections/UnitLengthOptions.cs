using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="UnitLength"/>.</summary>
[OptionsKind("unitLength")]
public sealed record UnitLengthOptions : ProjectionOptions
{
    /// <summary>Whether the mean of the training vectors is subtracted first; without it all supervectors are nearly parallel.</summary>
    public bool Centre { get; init; } = true;

    internal override Projection Fit(TrainingVectors train, CancellationToken cancellationToken) =>
        new UnitLength(Centre ? train.Values.mean([0]) : zeros(train.Length, ScalarType.Float64, train.Values.device));

    internal override Projection Restore(StateReader state, long inputs) => new UnitLength(state.Take("mean", inputs));
}

/// <summary>
/// y = (x - m) / |x - m|; the zero vector stays zero. D. Garcia-Romero, C. Y. Espy-Wilson, "Analysis of i-vector length normalization",
/// Interspeech 2011.
/// </summary>
/// <param name="mean">m (value); taken over.</param>
internal sealed class UnitLength(Tensor mean) : Projection(("mean", mean))
{
    public override long Outputs { get; } = mean.shape[0];

    public override Tensor Apply(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        return Scale(vectors - State[0].Tensor).MoveToOuterDisposeScope();
    }

    /// <summary>Vectors (sample, value) scaled to length 1; zero vectors stay zero.</summary>
    public static Tensor Scale(Tensor vectors) => vectors / vectors.square().sum([1], keepdim: true).sqrt().clamp_min(double.Epsilon);
}

using DeviceId.Foundation;

namespace DeviceId.Training;

/// <summary>Weights of the three cross-entropies in the <see cref="DeepAndShallowLoss"/>; they sum to 1.</summary>
/// <param name="Spatial">Weight of the spatial head (shallow).</param>
/// <param name="Temporal">Weight of the temporal head (shallow).</param>
/// <param name="Deep">Weight of the deep output.</param>
[OptionsKind("deepAndShallow")]
public sealed record DeepAndShallowLossOptions(double Spatial, double Temporal, double Deep) : LossOptions
{
    /// <summary>The paper's best weights: 0.25 : 0.5 : 0.25; the temporal branch is the hardest to train.</summary>
    public static DeepAndShallowLossOptions Paper { get; } = new(0.25, 0.5, 0.25);

    /// <inheritdoc/>
    public override ILoss Create() => new DeepAndShallowLoss(this);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (!(Spatial >= 0 && Temporal >= 0 && Deep >= 0))
            yield return $"The loss weights {Spatial} : {Temporal} : {Deep} must not be negative.";
        if (!(Math.Abs(Spatial + Temporal + Deep - 1) < 1e-9))
            yield return $"The loss weights {Spatial} : {Temporal} : {Deep} must add up to 1.";
    }
}

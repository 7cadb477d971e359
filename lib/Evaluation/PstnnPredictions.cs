namespace DeviceId.Evaluation;

/// <summary>What each output of a network said.</summary>
/// <param name="Spatial">The spatial head, or null without a spatial branch.</param>
/// <param name="Temporal">The temporal head, or null without a temporal branch.</param>
/// <param name="Deep">The deep head: the network's answer in the paper.</param>
/// <param name="Sum">The sum of the heads' probabilities.</param>
public sealed record PstnnPredictions(Predictions? Spatial, Predictions? Temporal, Predictions Deep, Predictions Sum);

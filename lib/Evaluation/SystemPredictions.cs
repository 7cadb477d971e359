namespace DeviceId.Evaluation;

/// <summary>What each output of a system said of the same samples.</summary>
/// <param name="Spatial">The spatial head of a network; null without one.</param>
/// <param name="Temporal">The temporal head of a network; null without one.</param>
/// <param name="Deep">The system's answer: the deep output of a network, the only one of other systems.</param>
/// <param name="Sum">The sum of a network's probabilities over its heads; null for other systems.</param>
/// <param name="AreProbabilities">Whether scores are probabilities, as a network's are.</param>
public sealed record SystemPredictions(
    Predictions? Spatial, Predictions? Temporal, Predictions Deep, Predictions? Sum, bool AreProbabilities);

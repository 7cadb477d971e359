namespace DeviceId.Evaluation;

/// <summary>Predictions of all outputs of a system for the same samples.</summary>
/// <param name="Spatial">Spatial head of a network; null without one.</param>
/// <param name="Temporal">Temporal head of a network; null without one.</param>
/// <param name="Deep">The system's answer: the deep output of a network, or the only output of another system.</param>
/// <param name="Sum">Sum of the probabilities over all outputs of a network; null for other systems.</param>
/// <param name="AreProbabilities">Whether the scores are probabilities, as for a network.</param>
public sealed record SystemPredictions(
    Predictions? Spatial, Predictions? Temporal, Predictions Deep, Predictions? Sum, bool AreProbabilities);

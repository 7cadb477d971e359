namespace DeviceId.Mixtures;

/// <summary>A trained mixture and how it came about.</summary>
/// <param name="Model">The mixture; the receiver disposes it.</param>
/// <param name="LogLikelihoods">Every EM iteration in order.</param>
public sealed record GmmTraining(DiagonalGmm Model, IReadOnlyList<GmmIteration> LogLikelihoods);

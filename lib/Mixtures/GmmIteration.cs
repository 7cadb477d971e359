namespace DeviceId.Mixtures;

/// <summary>One EM iteration.</summary>
/// <param name="Components">Size of the mixture at that time.</param>
/// <param name="Iteration">From 1 within the size.</param>
/// <param name="LogLikelihood">Mean natural log-likelihood of a frame before the iteration's M-step.</param>
public sealed record GmmIteration(int Components, int Iteration, double LogLikelihood);

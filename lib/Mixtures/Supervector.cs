using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>The adapted means of an utterance as one vector.</summary>
internal static class Supervector
{
    /// <summary>Scales and flattens the means, component-major: all coefficients of component 0, then of component 1, and so on.</summary>
    /// <param name="means">(utterance, component, coefficient).</param>
    /// <param name="background">The model that the means were adapted from.</param>
    /// <param name="scaling">
    /// The scaling. Kullback-Leibler: W. M. Campbell et al., "Support vector machines using GMM supervectors", SPL 13(5), 2006, with
    /// variances of at least <see cref="DiagonalGmm.AbsoluteFloor"/>.
    /// </param>
    /// <param name="centred">Whether the background's means are subtracted first, so that the origin is the background model.</param>
    /// <returns>(utterance, component x coefficient), float32, on the device of the means.</returns>
    /// <exception cref="ArgumentException">The shape does not fit the background model.</exception>
    public static Tensor FromMeans(Tensor means, DiagonalGmm background, SupervectorScaling scaling, bool centred = false)
    {
        background.RequireFrames(means, 3, nameof(means));
        if (means.shape[1] != background.Components)
            throw new ArgumentException(
                $"The means have {means.shape[1]} components, the background model {background.Components}.", nameof(means));
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var vectors = centred ? means - background.Means.to(means.dtype, means.device) : means;
        var scaled = scaling switch
        {
            SupervectorScaling.Raw => vectors,
            SupervectorScaling.KullbackLeibler => vectors * KullbackLeiblerFactors(background).to(means.dtype, means.device),
            SupervectorScaling.RowMinMax => RowMinMax(vectors),
            _ => throw new ArgumentOutOfRangeException(nameof(scaling), scaling, "Unknown scaling."),
        };
        return scaled.reshape(means.shape[0], background.Components * background.Dimension).to(ScalarType.Float32, copy: true)
            .MoveToOuterDisposeScope();
    }

    private static Tensor KullbackLeiblerFactors(DiagonalGmm background) =>
        background.Weights.unsqueeze(1).sqrt() / background.Variances.clamp_min(DiagonalGmm.AbsoluteFloor).sqrt();

    // MATLAB's mapminmax: 2 (x - min) / (max - min) - 1 over the components of each row.
    private static Tensor RowMinMax(Tensor means)
    {
        var min = means.amin([1], keepdim: true);
        var range = means.amax([1], keepdim: true) - min;
        return (2 * (means - min) / where(range.eq(0), ones_like(range), range)) - 1;
    }
}

using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>The adapted means of an utterance as one long vector.</summary>
internal static class Supervector
{
    /// <summary>Scales and flattens, component-major: all coefficients of component 0, then of component 1.</summary>
    /// <param name="means">(utterance, component, coefficient).</param>
    /// <param name="background">The model that the means were adapted from.</param>
    /// <param name="scaling">How to scale. Kullback-Leibler: W. M. Campbell et al., "Support vector machines using GMM supervectors", SPL
    /// 13(5), 2006, with variances at least <see cref="DiagonalGmm.AbsoluteFloor"/>.</param>
    /// <param name="centred">Whether the background's means are subtracted first: the origin is then the background model itself.</param>
    /// <returns>(utterance, component x coefficient), float32, on the device of the means.</returns>
    /// <exception cref="ArgumentException">The shape is not that of the background.</exception>
    public static Tensor FromMeans(Tensor means, DiagonalGmm background, SupervectorScaling scaling, bool centred = false)
    {
        background.RequireFrames(means, 3, nameof(means));
        if (means.shape[1] != background.Components)
            throw new ArgumentException($"The means have {means.shape[1]} components, the background {background.Components}.",
                nameof(means));
        using var scope = NewDisposeScope();
        using var gradless = no_grad();
        var origin = centred ? means - background.Means.to(means.dtype, means.device) : means;
        var scaled = scaling switch
        {
            SupervectorScaling.Raw => origin,
            SupervectorScaling.KullbackLeibler => origin * Divergence(background).to(means.dtype, means.device),
            SupervectorScaling.RowMinMax => RowMinMax(origin),
            _ => throw new ArgumentOutOfRangeException(nameof(scaling), scaling, "Unknown scaling."),
        };
        return scaled.reshape(means.shape[0], background.Components * background.Dimension).to(ScalarType.Float32, copy: true)
            .MoveToOuterDisposeScope();
    }

    private static Tensor Divergence(DiagonalGmm background) =>
        background.Weights.unsqueeze(1).sqrt() / background.Variances.clamp_min(DiagonalGmm.AbsoluteFloor).sqrt();

    // MATLAB's mapminmax: 2 (x - min) / (max - min) - 1 over the components of each row.
    private static Tensor RowMinMax(Tensor means)
    {
        var low = means.amin([1], keepdim: true);
        var range = means.amax([1], keepdim: true) - low;
        return (2 * (means - low) / where(range.eq(0), ones_like(range), range)) - 1;
    }
}

/// <summary>How the numbers of a supervector are scaled.</summary>
public enum SupervectorScaling
{
    /// <summary>The means as they are.</summary>
    Raw,

    /// <summary>Times sqrt(w) / sigma: distances bound the divergence of the mixtures (Campbell, Sturim, Reynolds 2006).</summary>
    KullbackLeibler,

    /// <summary>Each coefficient over its components to [-1, 1] within the utterance; a constant row becomes -1.</summary>
    RowMinMax,
}

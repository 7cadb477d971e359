using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>Log-likelihoods and posteriors of frames under a mixture, as one matrix product over [x, x²].</summary>
/// <remarks>
/// Frames are centred and scaled first: the expanded square p x² - 2 p x mu + p mu² cancels, and float32 keeps it accurate only near the origin.
/// ln p(x) = ln w - (D ln 2 pi + sum ln var) / 2 - sum (x - mu)² / (2 var).
/// </remarks>
internal sealed class FrameScorer : IDisposable
{
    private readonly Tensor _shift;
    private readonly Tensor _inverseScale;
    private readonly Tensor _products;
    private readonly Tensor _constants;
    private readonly Device _device;
    private readonly ScalarType _precision;

    /// <param name="model">The mixture.</param>
    /// <param name="shift">(coefficient), float64: subtracted from each frame.</param>
    /// <param name="scale">(coefficient), float64, above 0: divides each frame.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="precision">Float32 or Float64.</param>
    public FrameScorer(DiagonalGmm model, Tensor shift, Tensor scale, Device device, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        (_device, _precision) = (device, precision);
        var means = (model.Means - shift) / scale;
        var floor = TotalVariance(model).mul(DiagonalGmm.RelativeFloor).clamp_min(DiagonalGmm.AbsoluteFloor);
        var variances = maximum(model.Variances, floor) / (scale * scale);
        var constants = model.Weights.log() - 0.5 * (variances.log() + means * means / variances).sum(1)
            - (0.5 * model.Dimension * Math.Log(2 * Math.PI)) - scale.log().sum();
        var products = cat([means / variances, -0.5 / variances], 1).t().contiguous();
        _shift = shift.to(device).clone().DetachFromDisposeScope();
        _inverseScale = scale.reciprocal().to(device).DetachFromDisposeScope();
        _products = products.to(precision, device, copy: true).DetachFromDisposeScope();
        _constants = constants.to(precision, device, copy: true).DetachFromDisposeScope();
    }

    /// <summary>A scorer centred on the mixture itself.</summary>
    public static FrameScorer For(DiagonalGmm model, Device device, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        var (shift, scale) = Centre(model);
        return new FrameScorer(model, shift, scale, device, precision);
    }

    /// <summary>The mixture's own mean and standard deviation, (coefficient) each.</summary>
    public static (Tensor Shift, Tensor Scale) Centre(DiagonalGmm model) =>
        (model.Weights.matmul(model.Means), TotalVariance(model).clamp_min(DiagonalGmm.AbsoluteFloor).sqrt());

    /// <summary>Centred and scaled frames, (…, coefficient), in the scorer's precision on its device.</summary>
    public Tensor Standardise(Tensor frames)
    {
        var here = frames.detach().to(_device);
        // Float32 frames are centred in float32: subtraction loses nothing that the frames still had.
        return ((here - _shift.to(here.dtype)) * _inverseScale.to(here.dtype)).to(_precision);
    }

    /// <summary>Scores standardised frames (frame, coefficient).</summary>
    /// <returns>LogLikelihood (frame), Posteriors (frame, component), Features [x, x²] (frame, 2 x coefficient).</returns>
    public (Tensor LogLikelihood, Tensor Posteriors, Tensor Features) Score(Tensor frames)
    {
        var features = cat([frames, frames * frames], 1);
        var joint = addmm(_constants, features, _products, 1, 1);
        var total = joint.logsumexp(1, keepdim: true);
        return (total.squeeze(1), joint.sub_(total).exp_(), features);
    }

    public void Dispose()
    {
        _shift.Dispose();
        _inverseScale.Dispose();
        _products.Dispose();
        _constants.Dispose();
    }

    private static Tensor TotalVariance(DiagonalGmm model)
    {
        var offsets = model.Means - model.Weights.matmul(model.Means);
        return model.Weights.matmul(model.Variances + offsets * offsets);
    }
}

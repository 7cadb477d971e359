using DeviceId.Acceleration.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>
/// Log-likelihoods and posteriors of frames under a mixture in tensors: any device, any precision. <see cref="FrameKernel"/> is the fast
/// way on a CPU in float32.
/// </summary>
internal sealed class FrameScorer : IDisposable
{
    private readonly Tensor _shift;
    private readonly Tensor _inverseScale;
    private readonly Tensor _products;
    private readonly Tensor _constants;
    private readonly Device _device;
    private readonly ScalarType _precision;

    /// <param name="tables">The mixture.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="precision">Float32 or Float64.</param>
    public FrameScorer(ScoringTables tables, Device device, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        (_device, _precision) = (device, precision);
        _shift = tables.Shift.to(device).clone().DetachFromDisposeScope();
        _inverseScale = tables.Scale.reciprocal().to(device).DetachFromDisposeScope();
        _products = tables.Products.to(precision, device, copy: true).DetachFromDisposeScope();
        _constants = tables.Constants.to(precision, device, copy: true).DetachFromDisposeScope();
    }

    /// <summary>Centred and scaled frames, (…, coefficient), in the scorer's precision on its device.</summary>
    public Tensor Standardise(Tensor frames)
    {
        var here = frames.detach().to(_device);
        // Float32 frames are centred in float32: subtraction loses nothing that the frames still had.
        return ((here - _shift.to(here.dtype)) * _inverseScale.to(here.dtype)).to(_precision);
    }

    /// <summary>Scores standardised frames (frame, coefficient).</summary>
    /// <returns>LogLikelihood (frame), Posteriors (frame, component), Features [z, z²] (frame, 2 x coefficient).</returns>
    public (Tensor LogLikelihood, Tensor Posteriors, Tensor Features) Score(Tensor frames)
    {
        var features = cat([frames, frames * frames], 1);
        var joint = addmm(_constants, features, _products, 1, 1);
        // Not softmax and logsumexp: the second exponential costs as much as the products.
        var most = joint.amax([1], keepdim: true);
        var posteriors = joint.sub_(most).exp_();
        var total = posteriors.sum([1], keepdim: true);
        return (total.log().add_(most).squeeze(1), posteriors.div_(total), features);
    }

    public void Dispose()
    {
        _shift.Dispose();
        _inverseScale.Dispose();
        _products.Dispose();
        _constants.Dispose();
    }
}

using DeviceId.Acceleration.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>
/// Computes log-likelihoods and posteriors of frames under a mixture with tensor operations, on any device and in any precision.
/// <see cref="FrameKernel"/> is the fast implementation for float32 on a CPU.
/// </summary>
internal sealed class FrameScorer : IDisposable
{
    private readonly Tensor _shift;
    private readonly Tensor _inverseScale;
    private readonly Tensor _multipliers;
    private readonly Tensor _constants;
    private readonly Device _device;
    private readonly ScalarType _precision;

    /// <param name="tables">The mixture.</param>
    /// <param name="device">The device that computes.</param>
    /// <param name="precision">Float32 or Float64.</param>
    public FrameScorer(ScoringTables tables, Device device, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        (_device, _precision) = (device, precision);
        _shift = tables.Shift.to(device).clone().DetachFromDisposeScope();
        _inverseScale = tables.Scale.reciprocal().to(device).DetachFromDisposeScope();
        _multipliers = tables.Products.to(precision, device, copy: true).DetachFromDisposeScope();
        _constants = tables.Constants.to(precision, device, copy: true).DetachFromDisposeScope();
    }

    /// <summary>Centred and scaled frames, (…, coefficient), in the scorer's precision on its device.</summary>
    public Tensor Standardise(Tensor frames)
    {
        var onDevice = frames.detach().to(_device);
        // Float32 frames are centred in float32: the subtraction loses no precision that the frames still had.
        return ((onDevice - _shift.to(onDevice.dtype)) * _inverseScale.to(onDevice.dtype)).to(_precision);
    }

    /// <summary>Scores standardised frames (frame, coefficient).</summary>
    /// <returns>LogLikelihood (frame), Posteriors (frame, component), Features [z, z²] (frame, 2 x coefficient).</returns>
    public (Tensor LogLikelihood, Tensor Posteriors, Tensor Features) Score(Tensor frames)
    {
        var features = cat([frames, frames * frames], 1);
        var joint = addmm(_constants, features, _multipliers, 1, 1);
        // One exponential serves both results: softmax and logsumexp would each compute one, which costs as much as the products.
        var max = joint.amax([1], keepdim: true);
        var posteriors = joint.sub_(max).exp_();
        var total = posteriors.sum([1], keepdim: true);
        return (total.log().add_(max).squeeze(1), posteriors.div_(total), features);
    }

    public void Dispose()
    {
        _shift.Dispose();
        _inverseScale.Dispose();
        _multipliers.Dispose();
        _constants.Dispose();
    }
}

using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Subtracts means and divides by deviations that were measured on training samples.</summary>
internal sealed class Standardiser : IDisposable
{
    private readonly Tensor _mean;
    private readonly Tensor _deviation;

    private Standardiser(Tensor mean, Tensor deviation) =>
        (_mean, _deviation) = (mean.DetachFromDisposeScope(), deviation.DetachFromDisposeScope());

    /// <summary>Measures the mean over some axes and the deviation from it (divisor N, at least <paramref name="smallest"/>) over the same axes or more.</summary>
    public static Standardiser Fit(Tensor samples, long[] meanAxes, long[] deviationAxes, float smallest)
    {
        using var scope = NewDisposeScope();
        var mean = samples.mean(meanAxes, keepdim: true);
        var deviation = (samples - mean).square().mean(deviationAxes, keepdim: true).sqrt().clamp_min(smallest);
        return new Standardiser(mean, deviation);
    }

    /// <summary>The standardised samples, same shape.</summary>
    public Tensor Apply(Tensor samples)
    {
        using var centred = samples - _mean;
        return centred / _deviation;
    }

    public void Dispose()
    {
        _mean.Dispose();
        _deviation.Dispose();
    }
}

using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>Mean log spectrum of a recording whose frames arrive in blocks (<see cref="WccnCosineScorer.Spectrum"/>).</summary>
/// <param name="bands">Number of bands.</param>
internal sealed class LogSpectrumSum(int bands)
{
    // Frames with equal values in all bands are digital silence.
    private const float SilentRange = 1e-3f;

    private readonly double[] _sum = new double[bands];
    private long _frames;

    /// <summary>Adds frames.</summary>
    /// <param name="frames">Log spectra (frame, band); frames of digital silence are ignored.</param>
    public void Add(Tensor frames)
    {
        using var scope = NewDisposeScope();
        var active = frames.shape[0] == 0 ? frames : frames[(frames.amax([1]) - frames.amin([1])) > SilentRange];
        if (active.shape[0] == 0)
            return;
        Add(active.to(ScalarType.Float64).sum([0L]).cpu().data<double>().ToArray());
        _frames += active.shape[0];
    }

    /// <summary>Adds the frames of another sum.</summary>
    public void Add(LogSpectrumSum other)
    {
        Add(other._sum);
        _frames += other._frames;
    }

    /// <summary>The mean, with the level removed: (band); zeros for a silent recording.</summary>
    public double[] Spectrum()
    {
        if (_frames == 0)
            return new double[bands];
        using var scope = NewDisposeScope();
        var mean = tensor(_sum, device: CPU) / _frames;
        return (mean - mean.mean()).data<double>().ToArray();
    }

    private void Add(double[] values)
    {
        for (var band = 0; band < _sum.Length; band++)
            _sum[band] += values[band];
    }
}

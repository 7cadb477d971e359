using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Subtracts means and divides by deviations that were measured on training samples.</summary>
internal sealed class Standardiser : IDisposable
{
    private const int SamplesAtOnce = 256;

    /// <summary>Takes both over.</summary>
    /// <param name="mean">One for each value or for several, as it broadcasts.</param>
    /// <param name="deviation">Like <paramref name="mean"/>, above 0.</param>
    public Standardiser(Tensor mean, Tensor deviation) =>
        (Mean, StandardDeviation) = (mean.DetachFromDisposeScope(), deviation.DetachFromDisposeScope());

    /// <summary>Is subtracted.</summary>
    public Tensor Mean { get; }

    /// <summary>Divides.</summary>
    public Tensor StandardDeviation { get; }

    /// <summary>
    /// Measures the mean over some axes and the deviation from it (divisor N, at least <paramref name="smallest"/>) over the same axes or
    /// more.
    /// </summary>
    /// <remarks>
    /// The squares are summed part by part in float64: of the samples, which are gigabytes at the paper's size, no copy is made.
    /// </remarks>
    /// <param name="samples">(sample, …).</param>
    /// <param name="meanAxes">The first among them.</param>
    /// <param name="deviationAxes">The first among them.</param>
    /// <param name="smallest">Takes the place of smaller deviations.</param>
    /// <param name="cancellationToken">Asked before each part.</param>
    public static Standardiser Fit(
        Tensor samples, long[] meanAxes, long[] deviationAxes, float smallest, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var mean = samples.mean(meanAxes, keepdim: true);
        Tensor? squares = null;
        for (long at = 0; at < samples.shape[0]; at += SamplesAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var part = (samples.narrow(0, at, Math.Min(SamplesAtOnce, samples.shape[0] - at)) - mean).square().sum(deviationAxes,
                keepdim: true, type: ScalarType.Float64);
            if (squares is null)
                squares = part.MoveToOuterDisposeScope();
            else
                squares.add_(part);
        }

        var count = deviationAxes.Aggregate(1L, (product, axis) => product * samples.shape[axis]);
        return new Standardiser(mean, (squares! / count).sqrt().clamp_min(smallest).to(samples.dtype));
    }

    /// <summary>Standardises the samples where they lie, and returns them.</summary>
    /// <param name="samples">(sample, …).</param>
    /// <param name="cancellationToken">Asked before each part.</param>
    public Tensor ApplyInPlace(Tensor samples, CancellationToken cancellationToken = default)
    {
        for (long at = 0; at < samples.shape[0]; at += SamplesAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            samples.narrow(0, at, Math.Min(SamplesAtOnce, samples.shape[0] - at)).sub_(Mean).div_(StandardDeviation);
        }

        return samples;
    }

    public void Dispose()
    {
        Mean.Dispose();
        StandardDeviation.Dispose();
    }
}

using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Subtracts means and divides by standard deviations measured on training samples.</summary>
internal sealed class Standardiser : IDisposable
{
    private const int BlockSamples = 256;

    /// <summary>Takes ownership of both tensors.</summary>
    /// <param name="mean">The mean, in a shape that broadcasts to the samples.</param>
    /// <param name="standardDeviation">The standard deviation, above 0, in a shape that broadcasts to the samples.</param>
    public Standardiser(Tensor mean, Tensor standardDeviation) =>
        (Mean, StandardDeviation) = (mean.DetachFromDisposeScope(), standardDeviation.DetachFromDisposeScope());

    /// <summary>The mean that is subtracted.</summary>
    public Tensor Mean { get; }

    /// <summary>The standard deviation that samples are divided by.</summary>
    public Tensor StandardDeviation { get; }

    /// <summary>
    /// Measures the mean over some axes, and the standard deviation from it (divisor N, at least
    /// <paramref name="minStandardDeviation"/>) over the same or more axes.
    /// </summary>
    /// <remarks>
    /// The squares are summed block by block in float64, without a copy of the samples, which are gigabytes at the paper's size.
    /// </remarks>
    /// <param name="samples">(sample, …).</param>
    /// <param name="meanAxes">The axes of the mean, the first (sample) included.</param>
    /// <param name="standardDeviationAxes">The axes of the standard deviation, the first (sample) included.</param>
    /// <param name="minStandardDeviation">Minimum standard deviation.</param>
    /// <param name="cancellationToken">Checked before each block.</param>
    public static Standardiser Fit(
        Tensor samples, long[] meanAxes, long[] standardDeviationAxes, float minStandardDeviation,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var mean = samples.mean(meanAxes, keepdim: true);
        Tensor? squares = null;
        for (long start = 0; start < samples.shape[0]; start += BlockSamples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var centred = samples.narrow(0, start, Math.Min(BlockSamples, samples.shape[0] - start)) - mean;
            var blockSum = centred.square().sum(standardDeviationAxes, keepdim: true, type: ScalarType.Float64);
            if (squares is null)
                squares = blockSum.MoveToOuterDisposeScope();
            else
                squares.add_(blockSum);
        }

        var count = standardDeviationAxes.Aggregate(1L, (product, axis) => product * samples.shape[axis]);
        return new Standardiser(mean, (squares! / count).sqrt().clamp_min(minStandardDeviation).to(samples.dtype));
    }

    /// <summary>Standardises the samples in place, and returns them.</summary>
    /// <param name="samples">(sample, …).</param>
    /// <param name="cancellationToken">Checked before each block.</param>
    public Tensor ApplyInPlace(Tensor samples, CancellationToken cancellationToken = default)
    {
        for (long start = 0; start < samples.shape[0]; start += BlockSamples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            samples.narrow(0, start, Math.Min(BlockSamples, samples.shape[0] - start)).sub_(Mean).div_(StandardDeviation);
        }

        return samples;
    }

    public void Dispose()
    {
        Mean.Dispose();
        StandardDeviation.Dispose();
    }
}

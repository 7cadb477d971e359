using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Fits the covariances between and within the devices of <see cref="Plda"/> by expectation maximisation.</summary>
/// <remarks>
/// E-step: the posterior of y for each device. M-step: B = mean over the devices of E[y y'], W = mean over the samples of
/// E[(x - m - y)(x - m - y)']. Both need the scatter of all vectors and the sums of each device only: an iteration costs the same for any
/// number of samples. Every iteration is computed in axes in which B and W are diagonal.
/// </remarks>
internal static class TwoCovarianceModel
{
    // Relative to the variance of the vectors: keeps B and W positive definite where vectors do not vary.
    private const double Floor = 1e-6;

    /// <summary>Fits the model.</summary>
    /// <param name="train">The vectors.</param>
    /// <param name="iterations">Number of iterations.</param>
    /// <param name="cancellationToken">Checked before each iteration.</param>
    /// <returns>Axes V (value, axis) with V'W V = I, and b (axis) with V'B V = diag(b).</returns>
    public static (Tensor Axes, Tensor Between) Fit(TrainingVectors train, int iterations, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var mean = train.Values.mean([0]);
        var centred = train.Values - mean;
        var counts = train.Counts();
        var scatter = centred.t().mm(centred);
        var sums = train.Membership().t().mm(centred);

        // In units of the mean variance, so that the floor does not depend on the scale of the vectors.
        var scale = Math.Max(scatter.trace().item<double>() / (train.Count * train.Length), 1e-12);
        var ridge = eye(train.Length, dtype: ScalarType.Float64, device: CPU) * (Floor * scale);
        var offsets = train.Means() - mean;
        var (axes, between) = Diagonalise((offsets.t().mm(offsets) / train.Classes) + ridge, train.WithinScatter() + ridge);
        for (var i = 0; i < iterations; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var (nextBetween, nextWithin) = Iterate(axes, between, scatter, sums, counts, train.Count);
            var floor = axes.t().mm(ridge).mm(axes);
            var (turned, variances) = Diagonalise(nextBetween + floor, nextWithin + floor);
            (axes, between) = (axes.mm(turned).MoveToOuterDisposeScope(), variances.MoveToOuterDisposeScope());
        }

        return (axes.contiguous().MoveToOuterDisposeScope(), between.MoveToOuterDisposeScope());
    }

    /// <summary>One iteration; B and W are returned in the given axes.</summary>
    private static (Tensor Between, Tensor Within) Iterate(
        Tensor axes, Tensor between, Tensor scatter, Tensor sums, Tensor counts, long samples)
    {
        var (n, b) = (counts.unsqueeze(1), between.unsqueeze(0));
        var sumInAxes = sums.mm(axes);
        var variance = b / (1 + (n * b));
        var expected = variance * sumInAxes;
        var cross = sumInAxes.t().mm(expected);
        var within = axes.t().mm(scatter).mm(axes) - cross - cross.t() + expected.t().mm(expected * n) + diag((variance * n).sum([0]));
        return ((expected.t().mm(expected) + diag(variance.sum([0]))) / counts.shape[0], within / samples);
    }

    /// <summary>V (value, axis) with V'W V = I and V'B V = diag(b), and b (axis), at least 0.</summary>
    private static (Tensor Axes, Tensor Between) Diagonalise(Tensor between, Tensor within)
    {
        using var scope = NewDisposeScope();
        var whitening = Covariance.Whitening(within);
        var whitened = whitening.t().mm(between).mm(whitening);
        var (values, vectors) = linalg.eigh((whitened + whitened.t()) / 2);
        return (whitening.mm(vectors).MoveToOuterDisposeScope(), values.clamp_min(0).MoveToOuterDisposeScope());
    }
}

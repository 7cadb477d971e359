using System.Globalization;
using System.Numerics;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>
/// Trains a diagonal Gaussian mixture. Binary splitting: (1) one Gaussian, (2) EM at its size, (3) split every component in two and repeat
/// from 2 up to the final size. K-means: (1) one component for each cluster, (2) EM at that size.
/// </summary>
/// <remarks>
/// Splitting and iteration counts follow the MSR Identity Toolbox (gmm_em). The E-step runs in the given precision over chunks of a fixed
/// number of frames and sums in float64. A component without frames keeps its mean and variances, with weight 0. The variance floor can
/// lower the likelihood.
/// </remarks>
/// <param name="options">The settings.</param>
/// <param name="device">The device of the E-step.</param>
/// <param name="precision">Precision of the E-step: Float32 (means agree to 1e-4) or Float64.</param>
public sealed class GmmTrainer(GmmOptions options, Device device, ScalarType precision = ScalarType.Float32)
{
    private const double EmptyComponent = 1e-10;
    private static readonly int[] IterationsBySize = [1, 2, 4, 4, 4, 4, 6, 6, 10, 10, 15];

    /// <summary>Frames in a chunk. It affects memory but, apart from rounding, not the results.</summary>
    internal int ChunkFrames { get; init; } = 4096;

    /// <summary>Trains on all frames.</summary>
    /// <param name="frames">One tensor (frame, coefficient) per recording, finite; empty ones are skipped.</param>
    /// <param name="progress">Receives a report after each iteration, or null.</param>
    /// <param name="cancellationToken">Checked before each chunk.</param>
    /// <exception cref="DeviceIdException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">There are no frames, their shapes differ, or a value is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public GmmTraining Fit(IReadOnlyList<Tensor> frames, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options.Validate();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var pool = new FramePool(frames, ChunkFrames);
        var (mean, variance) = pool.Moments(cancellationToken);
        var scale = variance.clamp_min(DiagonalGmm.AbsoluteFloor).sqrt();
        var log = new List<GmmIteration>();
        var startsBySplitting = options.Start == GmmStart.BinarySplitting;
        var firstSize = startsBySplitting ? 1 : options.Components;
        var total = startsBySplitting
            ? Enumerable.Range(0, BitOperations.Log2((uint)options.Components) + 1).Sum(level => Iterations(1 << level))
            : options.FinalIterations;
        var model = startsBySplitting
            ? new DiagonalGmm(ones_like(mean.narrow(0, 0, 1)), mean.unsqueeze(0),
                variance.clamp_min(DiagonalGmm.AbsoluteFloor).unsqueeze(0))
            : KMeans.Start(pool, options.Components, options.Seed, mean, scale, cancellationToken);
        try
        {
            for (var size = firstSize; ; size *= 2)
            {
                for (var iteration = 1; iteration <= Iterations(size); iteration++)
                {
                    var previous = model;
                    (model, var likelihood) = Iterate(previous, pool, mean, scale, cancellationToken);
                    previous.Dispose();
                    log.Add(new GmmIteration(size, iteration, likelihood));
                    progress?.Report(new WorkProgress("background model", log.Count, total,
                        likelihood.ToString("F4", CultureInfo.InvariantCulture)));
                }

                if (size == options.Components)
                    return new GmmTraining(model, log);
                var unsplit = model;
                model = Split(unsplit);
                unsplit.Dispose();
            }
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private int Iterations(int size) =>
        size == options.Components ? options.FinalIterations
            : IterationsBySize[Math.Min(BitOperations.Log2((uint)size), IterationsBySize.Length - 1)];

    // Internal for the benchmarks, which compare tools by one iteration.
    internal (DiagonalGmm Model, double LogLikelihood) Iterate(
        DiagonalGmm model, FramePool pool, Tensor shift, Tensor scale, CancellationToken cancellationToken)
    {
        using var work = ComputeScope.Enter();
        using var scope = NewDisposeScope();
        using var tables = new ScoringTables(model, shift, scale);
        var step = ExpectationStep.Over(tables, pool, device, precision, cancellationToken);
        return (Maximise(model, step.Counts, step.Sums, shift, scale), step.LogLikelihood / pool.Frames);
    }

    private DiagonalGmm Maximise(DiagonalGmm model, Tensor counts, Tensor sums, Tensor shift, Tensor scale)
    {
        var empty = counts.lt(EmptyComponent).unsqueeze(1);
        var moments = sums / counts.clamp_min(EmptyComponent).unsqueeze(1);
        var centred = moments.narrow(1, 0, model.Dimension);
        var variance = moments.narrow(1, model.Dimension, model.Dimension) - (centred * centred);
        var weights = counts / counts.sum();
        var means = where(empty, model.Means, (centred * scale) + shift);
        var variances = where(empty, model.Variances, variance * scale * scale);
        var floor = weights.matmul(variances).mul(options.VarianceFloorFactor).clamp_min(DiagonalGmm.AbsoluteFloor);
        return new DiagonalGmm(weights, means, maximum(variances, floor));
    }

    /// <summary>
    /// Splits each component into two copies, one standard deviation to either side along its dimension of largest variance: first all
    /// minus copies, then all plus copies.
    /// </summary>
    private static DiagonalGmm Split(DiagonalGmm model)
    {
        using var scope = NewDisposeScope();
        var widest = model.Variances.argmax(1, keepdim: true);
        var step = zeros_like(model.Means).scatter_(1, widest, model.Variances.gather(1, widest).sqrt());
        return new DiagonalGmm(cat([model.Weights, model.Weights], 0) / 2, cat([model.Means - step, model.Means + step], 0),
            cat([model.Variances, model.Variances], 0));
    }
}

/// <summary>One EM iteration.</summary>
/// <param name="Components">Number of components during the iteration.</param>
/// <param name="Iteration">Number of the iteration at this size, from 1.</param>
/// <param name="LogLikelihood">Mean natural log-likelihood per frame before the iteration's M-step.</param>
public sealed record GmmIteration(int Components, int Iteration, double LogLikelihood);

/// <summary>A trained mixture and the log of its training.</summary>
/// <param name="Model">The mixture; the caller disposes of it.</param>
/// <param name="LogLikelihoods">Every EM iteration in order.</param>
public sealed record GmmTraining(DiagonalGmm Model, IReadOnlyList<GmmIteration> LogLikelihoods);

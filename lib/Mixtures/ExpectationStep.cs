using DeviceId.Acceleration;
using DeviceId.Acceleration.Mixtures;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>The E-step over all frames: the sufficient statistics for the M-step, summed in float64.</summary>
/// <param name="Counts">Zeroth-order statistics: sums of posteriors (component), float64, CPU.</param>
/// <param name="Sums">
/// First- and second-order statistics: sums of posteriors x [z, z²], where z is a standardised frame (component, 2 x coefficient), float64,
/// CPU.
/// </param>
/// <param name="LogLikelihood">Sum of the frames' natural log-likelihoods.</param>
internal sealed record ExpectationStep(Tensor Counts, Tensor Sums, double LogLikelihood)
{
    /// <summary>
    /// Number of chunks summed in parallel before their sums are added in the order of the chunks, so that results do not depend on the
    /// number of threads.
    /// </summary>
    private const int ParallelChunks = 16;

    /// <summary>Runs the E-step with kernels if possible (<see cref="Backend"/>), else with tensor operations.</summary>
    /// <param name="tables">The mixture.</param>
    /// <param name="pool">The frames.</param>
    /// <param name="device">The device that computes.</param>
    /// <param name="precision">Precision within a chunk: Float32 or Float64.</param>
    /// <param name="cancellationToken">Checked before each chunk.</param>
    public static ExpectationStep Over(
        ScoringTables tables, FramePool pool, Device device, ScalarType precision, CancellationToken cancellationToken) =>
        Backend.Accelerates(device, precision)
            ? InCache(FrameKernel.For(tables.Operands()), tables, pool, cancellationToken)
            : InTensors(tables, pool, device, precision, cancellationToken);

    /// <summary>Runs the E-step with a <see cref="FrameKernel"/>, on as many threads as libtorch uses.</summary>
    internal static ExpectationStep InCache(FrameKernel kernel, ScoringTables tables, FramePool pool, CancellationToken cancellationToken)
    {
        var threads = ParallelLoops.Threads;
        var statistics = Enumerable.Range(0, (int)Math.Min(ParallelChunks, pool.ChunkCount)).Select(_ => kernel.Statistics(moments: 2))
            .ToArray();
        var (rows, components) = (1 + (2 * tables.Dimension), tables.Components);
        var total = new double[rows * components];
        var likelihood = 0.0;
        for (long first = 0; first < pool.ChunkCount; first += statistics.Length)
        {
            var chunks = (int)Math.Min(statistics.Length, pool.ChunkCount - first);
            ParallelLoops.For(chunks, i => Accumulate(kernel, pool.ChunkViews(first + i), statistics[i]), threads, cancellationToken);
            ParallelLoops.For(
                rows, row => AddRows(statistics.AsSpan(0, chunks), row, total.AsSpan(row * components, components)),
                threads, cancellationToken);
            foreach (var chunk in statistics.AsSpan(0, chunks))
                likelihood += chunk.LogLikelihood;
        }

        var sums = tensor(total, device: CPU).reshape(rows, components).t();
        return new ExpectationStep(sums.select(1, 0), sums.narrow(1, 1, rows - 1), likelihood);
    }

    /// <summary>Runs the E-step with tensor operations, on any device and in any precision.</summary>
    internal static ExpectationStep InTensors(
        ScoringTables tables, FramePool pool, Device device, ScalarType precision, CancellationToken cancellationToken)
    {
        using var scorer = new FrameScorer(tables, device, precision);
        var counts = zeros(tables.Components, ScalarType.Float64, device);
        var sums = zeros(tables.Components, 2 * tables.Dimension, ScalarType.Float64, device);
        var likelihood = zeros([], ScalarType.Float64, device);
        foreach (var chunk in pool.Chunks(cancellationToken))
        {
            using var inner = NewDisposeScope();
            using var frames = chunk;
            var score = scorer.Score(scorer.Standardise(frames));
            likelihood.add_(score.LogLikelihood.sum(ScalarType.Float64));
            counts.add_(score.Posteriors.sum(0, type: ScalarType.Float64));
            sums.add_(score.Posteriors.t().matmul(score.Features).to(ScalarType.Float64));
        }

        return new ExpectationStep(counts.cpu(), sums.cpu(), likelihood.item<double>());
    }

    private static void Accumulate(FrameKernel kernel, IEnumerable<Tensor> views, FrameStatistics statistics)
    {
        using var scope = NewDisposeScope();
        statistics.Clear();
        foreach (var view in views)
            kernel.Accumulate(view.detach().to(ScalarType.Float32).cpu().contiguous().FloatSpan(), statistics);
    }

    private static void AddRows(ReadOnlySpan<FrameStatistics> chunks, int row, Span<double> into)
    {
        foreach (var chunk in chunks)
            chunk.AddRow(row, into);
    }
}

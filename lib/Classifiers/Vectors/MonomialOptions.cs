using DeviceId.Data;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Settings of <see cref="Monomials"/>.</summary>
[OptionsKind("monomials")]
public sealed record MonomialOptions : VectorOptions
{
    private const long MaxLength = 20_000;

    /// <summary>Columns of the segments that are used, the first ones; fewer if there are fewer.</summary>
    public int Columns { get; init; } = 13;

    /// <summary>Largest degree of a monomial, from 1 to 3.</summary>
    public int Degree { get; init; } = 3;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Columns < 1)
            yield return $"Columns is {Columns}: it must be at least 1.";
        if (Degree is < 1 or > 3)
            yield return $"Degree is {Degree}: it must lie between 1 and 3.";
    }

    /// <inheritdoc/>
    public override IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd)
    {
        var columns = Math.Min(Columns, frontEnd.Columns);
        if (Monomials.Count(columns, Degree) is var count && count > MaxLength)
            yield return $"{columns} columns have {count} monomials of degree {Degree}, more than {MaxLength}: use fewer columns.";
    }

    internal override VectorExtractor Fit(
        TrainDataset train, VectorContext context, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var frames = train.Segments.narrow(2, 0, Math.Min(Columns, train.Segments.shape[2]));
        var mean = frames.mean([0, 1], type: ScalarType.Float64);
        var deviation = (frames - mean).square().mean([0, 1]).sqrt();
        deviation = where(deviation.lt(1e-6), ones_like(deviation), deviation);
        Tensor Squares(Tensor block) => Monomials.Expand((block - mean) / deviation, Degree).square().mean([1]);
        var moments = SampleBlocks.Compute(frames, Monomials.BlockSamples(frames, Degree), Squares, cancellationToken).mean([0]);
        return new Monomials(mean, deviation, moments.clamp_min(1e-12), Degree, context.Device);
    }

    internal override VectorExtractor Restore(StateReader state, long length, Device device)
    {
        var mean = state.Take("mean", StateReader.Any);
        var moments = state.Take("moments", length);
        return Monomials.Count(mean.shape[0], Degree) == length
            ? new Monomials(mean, state.Take("deviation", mean.shape[0]), moments, Degree, device)
            : throw new ArgumentException($"{mean.shape[0]} columns do not have {length} monomials of degree {Degree}");
    }
}

/// <summary>
/// Generalised linear discriminant sequence (GLDS): the mean over the frames of all monomials 1, x_i, x_i x_j, x_i x_j x_k, each divided
/// by the square root of its second moment over the training frames. The x_i are columns, standardised over the training frames.
/// </summary>
/// <remarks>
/// W. M. Campbell, "Generalized linear discriminant sequence kernels for speaker recognition", ICASSP 2002, with a diagonal second-moment
/// matrix. With a linear support vector machine it is GLDS-SVM. A constant channel is kept: it shifts the x_i, and so all monomials.
/// </remarks>
/// <param name="mean">Mean of each column (column); taken over.</param>
/// <param name="deviation">Standard deviation of each column (column); taken over.</param>
/// <param name="moments">Second moment of each monomial (monomial); taken over.</param>
/// <param name="degree">Largest degree.</param>
/// <param name="device">Compute device.</param>
internal sealed class Monomials(Tensor mean, Tensor deviation, Tensor moments, int degree, Device device)
    : VectorExtractor(("mean", mean), ("deviation", deviation), ("moments", moments))
{
    private const long BlockValues = 1 << 23;

    /// <summary>Number of monomials of up to a degree: C(columns + degree, degree).</summary>
    public static long Count(long columns, int degree) =>
        Enumerable.Range(1, degree).Aggregate(1L, (count, d) => count * (columns + d) / d);

    /// <summary>Samples (sample, frame, column) whose monomials fit into 64 MB.</summary>
    public static long BlockSamples(Tensor frames, int degree) =>
        Math.Max(1, BlockValues / Math.Max(1, frames.shape[1] * Count(frames.shape[2], degree)));

    public override Tensor Compute(SampleBatch samples, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var frames = samples.Segments.narrow(2, 0, Math.Min(State[0].Tensor.shape[0], samples.Segments.shape[2]));
        var (shift, factor) = (State[0].Tensor.to(device), State[1].Tensor.reciprocal().to(device));
        var means = SampleBlocks.Compute(
            frames, BlockSamples(frames, degree), block => Expand((block.to(device) - shift) * factor, degree).mean([1]),
            cancellationToken);
        return (means.cpu() / State[2].Tensor.sqrt()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The monomials (…, monomial) of columns (…, column): by degree, with indices in lexicographic order, i at most j at most k.
    /// </summary>
    public static Tensor Expand(Tensor x, int degree)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor> { ones_like(x.narrow(-1, 0, 1)), x };

        // Monomials of degree d that begin with x_i: x_i times those of degree d - 1 that begin with x_i or a later column.
        var (columns, starts) = ((int)x.shape[^1], Enumerable.Range(0, (int)x.shape[^1]).ToArray());
        for (var d = 2; d <= degree; d++)
        {
            var before = parts[^1];
            var products = starts.Select((start, i) => x.narrow(-1, i, 1) * before.narrow(-1, start, before.shape[^1] - start));
            parts.Add(cat(products.ToArray(), -1));
            var lengths = starts.Select(start => (int)before.shape[^1] - start).ToArray();
            starts = [.. Enumerable.Range(0, columns).Select(i => lengths.Take(i).Sum())];
        }

        return cat(parts, -1).MoveToOuterDisposeScope();
    }
}

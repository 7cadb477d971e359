using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>A Gaussian mixture model with diagonal covariances, stored in float64 on the CPU. Logarithms are natural.</summary>
/// <remarks>
/// Variances are stored as given, however small. When likelihoods and posteriors are computed, each variance is raised to at least
/// <see cref="RelativeFloor"/> of the whole mixture's variance in that dimension and to at least <see cref="AbsoluteFloor"/>: components
/// fitted to digital silence have variances near 4e-16, whose reciprocals would make rounding errors larger than all other terms.
/// </remarks>
public sealed class DiagonalGmm : IDisposable
{
    /// <summary>Variance floor in computations, as a fraction of the whole mixture's variance in that dimension.</summary>
    public const double RelativeFloor = 1e-4;

    /// <summary>Variance floor in computations and after training, in squared units of the coefficient.</summary>
    public const double AbsoluteFloor = 1e-8;

    private const double WeightTolerance = 1e-6;
    private const int ChunkFrames = 8192;

    /// <summary>Creates a mixture from copies of the three tensors.</summary>
    /// <param name="weights">(component), at least 0, sum 1 within 1e-6.</param>
    /// <param name="means">(component, coefficient), finite.</param>
    /// <param name="variances">(component, coefficient), finite and above 0.</param>
    /// <exception cref="ArgumentException">A shape or a value is wrong.</exception>
    public DiagonalGmm(Tensor weights, Tensor means, Tensor variances)
    {
        using var scope = NewDisposeScope();
        Require(weights.dim() == 1 && weights.shape[0] > 0, "weights must have the shape (component)");
        Require(means.dim() == 2 && means.shape[0] == weights.shape[0] && means.shape[1] > 0,
            "means must have the shape (component, coefficient)");
        Require(variances.shape.AsSpan().SequenceEqual(means.shape), "variances must have the shape of the means");
        var (w, m, v) = (CopyToFloat64(weights), CopyToFloat64(means), CopyToFloat64(variances));
        Require(AllTrue(w.isfinite()) && AllTrue(m.isfinite()) && AllTrue(v.isfinite()), "all values must be finite");
        // Not w.ge(0): TorchSharp may free the scalar 0 while libtorch reads it, and models are read outside of any ComputeScope.
        Require(w.min().item<double>() >= 0 && Math.Abs(w.sum().item<double>() - 1) <= WeightTolerance,
            "weights must be at least 0 and sum to 1");
        Require(v.min().item<double>() > 0, "variances must be above 0");
        (Weights, Means, Variances) = (w.DetachFromDisposeScope(), m.DetachFromDisposeScope(), v.DetachFromDisposeScope());
    }

    /// <summary>Weights (component), float64.</summary>
    public Tensor Weights { get; }

    /// <summary>Means (component, coefficient), float64.</summary>
    public Tensor Means { get; }

    /// <summary>Variances (component, coefficient), float64, without the floor.</summary>
    public Tensor Variances { get; }

    /// <summary>Number of components.</summary>
    public int Components => (int)Weights.shape[0];

    /// <summary>Number of coefficients of a frame.</summary>
    public int Dimension => (int)Means.shape[1];

    /// <summary>Natural log-likelihood of each frame, computed in float64.</summary>
    /// <param name="frames">(frame, coefficient), any float type and device.</param>
    /// <param name="cancellationToken">Checked before each chunk of frames.</param>
    /// <returns>(frame), float64 on the CPU.</returns>
    /// <exception cref="ArgumentException">The shape is wrong.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor LogLikelihood(Tensor frames, CancellationToken cancellationToken = default) =>
        ComputeInChunks(frames, (scorer, chunk) => scorer.Score(chunk).LogLikelihood, cancellationToken);

    /// <summary>Posterior probability of each component (responsibility) given each frame, computed in float64.</summary>
    /// <param name="frames">(frame, coefficient), any float type and device.</param>
    /// <param name="cancellationToken">Checked before each chunk of frames.</param>
    /// <returns>(frame, component), float64 on the CPU.</returns>
    /// <exception cref="ArgumentException">The shape is wrong.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor Posteriors(Tensor frames, CancellationToken cancellationToken = default) =>
        ComputeInChunks(frames, (scorer, chunk) => scorer.Score(chunk).Posteriors, cancellationToken);

    /// <summary>Writes the mixture to a model file, atomically; see <see cref="Load"/>.</summary>
    public void Save(string path) => DiagonalGmmFile.Write(path, this);

    /// <summary>Reads a file of <see cref="Save"/>.</summary>
    /// <exception cref="DeviceIdException">The file is missing, damaged or of another kind.</exception>
    public static DiagonalGmm Load(string path) => DiagonalGmmFile.Read(path);

    /// <inheritdoc/>
    public void Dispose()
    {
        Weights.Dispose();
        Means.Dispose();
        Variances.Dispose();
    }

    /// <summary>Throws unless the tensor is (…, coefficient) with this mixture's dimension.</summary>
    internal void RequireFrames(Tensor frames, int axes, string name)
    {
        if (frames.dim() != axes || frames.shape[^1] != Dimension)
            throw new ArgumentException(
                $"{name} has the shape ({string.Join(", ", frames.shape)}); it needs {axes} axes, the last of {Dimension} coefficients.",
                name);
    }

    private Tensor ComputeInChunks(Tensor frames, Func<FrameScorer, Tensor, Tensor> compute, CancellationToken cancellationToken)
    {
        RequireFrames(frames, 2, nameof(frames));
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var tables = ScoringTables.For(this);
        using var scorer = new FrameScorer(tables, CPU, ScalarType.Float64);
        var parts = new List<Tensor>();
        for (long start = 0; start == 0 || start < frames.shape[0]; start += ChunkFrames)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var length = Math.Min(ChunkFrames, frames.shape[0] - start);
            parts.Add(compute(scorer, scorer.Standardise(frames.narrow(0, start, length))).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    private static Tensor CopyToFloat64(Tensor values) => values.detach().to(ScalarType.Float64).cpu().clone().contiguous();

    private static bool AllTrue(Tensor condition) => condition.all().item<bool>();

    private static void Require(bool holds, string rule)
    {
        if (!holds)
            throw new ArgumentException($"This is not a valid mixture: {rule}.");
    }
}

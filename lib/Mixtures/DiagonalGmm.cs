using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>A Gaussian mixture with diagonal covariances, held in float64 on the CPU. Logarithms are natural.</summary>
/// <remarks>
/// Variances are kept as they are given, however small. At use (likelihoods, posteriors) each is raised to at least
/// <see cref="RelativeFloor"/> of the whole mixture's variance in that dimension and to <see cref="AbsoluteFloor"/>: components that sat on
/// digital silence have variances near 4e-16, whose reciprocals would drown every other term in rounding.
/// </remarks>
public sealed class DiagonalGmm : IDisposable
{
    /// <summary>Smallest variance at use, as a part of the whole mixture's variance in that dimension.</summary>
    public const double RelativeFloor = 1e-4;

    /// <summary>Smallest variance at use and after training, in squared units of the coefficient.</summary>
    public const double AbsoluteFloor = 1e-8;

    private const double WeightTolerance = 1e-6;
    private const int ChunkFrames = 8192;

    /// <summary>Copies the three tensors.</summary>
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
        var (w, m, v) = (Own(weights), Own(means), Own(variances));
        Require(All(w.isfinite()) && All(m.isfinite()) && All(v.isfinite()), "every number must be finite");
        // Not w.ge(0): TorchSharp may let go of the 0 while libtorch reads it, and models are read outside of any ComputeScope.
        Require(w.min().item<double>() >= 0 && Math.Abs(w.sum().item<double>() - 1) <= WeightTolerance,
            "weights must be at least 0 and sum to 1");
        Require(v.min().item<double>() > 0, "variances must be above 0");
        (Weights, Means, Variances) = (w.DetachFromDisposeScope(), m.DetachFromDisposeScope(), v.DetachFromDisposeScope());
    }

    /// <summary>(component), float64.</summary>
    public Tensor Weights { get; }

    /// <summary>(component, coefficient), float64.</summary>
    public Tensor Means { get; }

    /// <summary>(component, coefficient), float64, without the floor at use.</summary>
    public Tensor Variances { get; }

    /// <summary>How many components.</summary>
    public int Components => (int)Weights.shape[0];

    /// <summary>How many coefficients a frame has.</summary>
    public int Dimension => (int)Means.shape[1];

    /// <summary>Natural log-likelihood of each frame, computed in float64.</summary>
    /// <param name="frames">(frame, coefficient), any float type and device.</param>
    /// <param name="cancellationToken">Asked before each chunk of frames.</param>
    /// <returns>(frame), float64 on the CPU.</returns>
    /// <exception cref="ArgumentException">The shape is wrong.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor LogLikelihood(Tensor frames, CancellationToken cancellationToken = default) =>
        InChunks(frames, (scorer, chunk) => scorer.Score(chunk).LogLikelihood, cancellationToken);

    /// <summary>Probability of each component given each frame, computed in float64.</summary>
    /// <param name="frames">(frame, coefficient), any float type and device.</param>
    /// <param name="cancellationToken">Asked before each chunk of frames.</param>
    /// <returns>(frame, component), float64 on the CPU.</returns>
    /// <exception cref="ArgumentException">The shape is wrong.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor Posteriors(Tensor frames, CancellationToken cancellationToken = default) =>
        InChunks(frames, (scorer, chunk) => scorer.Score(chunk).Posteriors, cancellationToken);

    /// <summary>Writes the mixture's own format, atomically; see <see cref="Load"/>.</summary>
    public void Save(string path) => DiagonalGmmFile.Write(path, this);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="MixtureException">The file is absent, damaged or of another kind.</exception>
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
            throw new ArgumentException($"{name} has the shape ({string.Join(", ", frames.shape)}); {axes} axes are wanted, the last of {Dimension} coefficients.", name);
    }

    private Tensor InChunks(Tensor frames, Func<FrameScorer, Tensor, Tensor> compute, CancellationToken cancellationToken)
    {
        RequireFrames(frames, 2, nameof(frames));
        using var scope = NewDisposeScope();
        using var gradless = no_grad();
        using var tables = ScoringTables.For(this);
        using var scorer = new FrameScorer(tables, CPU, ScalarType.Float64);
        var parts = new List<Tensor>();
        for (long at = 0; at == 0 || at < frames.shape[0]; at += ChunkFrames)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var length = Math.Min(ChunkFrames, frames.shape[0] - at);
            parts.Add(compute(scorer, scorer.Standardise(frames.narrow(0, at, length))).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    private static Tensor Own(Tensor given) => given.detach().to(ScalarType.Float64).cpu().clone().contiguous();

    private static bool All(Tensor truth) => truth.all().item<bool>();

    private static void Require(bool condition, string rule)
    {
        if (!condition)
            throw new ArgumentException($"This is no mixture: {rule}.");
    }
}

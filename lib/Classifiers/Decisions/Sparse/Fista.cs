using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Classifiers;

/// <summary>Minimises |y - sum_k a_k d_k|^2 / 2 + lambda sum_k |a_k| by accelerated proximal gradient steps.</summary>
/// <remarks>A. Beck, M. Teboulle, "A fast iterative shrinkage-thresholding algorithm", SIAM J. Imaging Sciences 2(1), 2009.</remarks>
internal sealed class Fista : SparseCoder
{
    private const int Iterations = 200;
    private const int PowerIterations = 100;

    // The power method approaches the largest eigenvalue from below.
    private const double Margin = 1.05;

    private readonly double _penalty;
    private readonly double _step;

    /// <param name="gram">G (atom, atom); taken over.</param>
    /// <param name="penalty">lambda.</param>
    public Fista(Tensor gram, double penalty)
        : base(gram) =>
        (_penalty, _step) = (penalty, 1 / Math.Max(Margin * LargestEigenvalue(gram), 1e-9));

    public override Tensor Code(Tensor correlations)
    {
        using var scope = NewDisposeScope();
        var (coefficients, momentum, t) = (zeros_like(correlations), zeros_like(correlations), 1.0);
        for (var i = 0; i < Iterations; i++)
        {
            using var inner = NewDisposeScope();
            var moved = momentum - ((momentum.mm(Gram) - correlations) * _step);
            var next = moved.sign() * (moved.abs() - (_penalty * _step)).clamp_min(0);
            var nextT = (1 + Math.Sqrt(1 + (4 * t * t))) / 2;
            momentum = (next + ((next - coefficients) * ((t - 1) / nextT))).MoveToOuterDisposeScope();
            (coefficients, t) = (next.MoveToOuterDisposeScope(), nextT);
        }

        return coefficients.MoveToOuterDisposeScope();
    }

    private static double LargestEigenvalue(Tensor gram)
    {
        using var scope = NewDisposeScope();

        // A random start is orthogonal to no eigenvector; a constant one would be to that of two opposite atoms.
        var random = new SplitMix64(1);
        var vector = tensor(Enumerable.Range(0, (int)gram.shape[0]).Select(_ => random.Normal()).ToArray(), device: gram.device);
        for (var i = 0; i < PowerIterations; i++)
        {
            using var inner = NewDisposeScope();
            vector = gram.mv(vector / vector.norm().clamp_min(double.Epsilon)).MoveToOuterDisposeScope();
        }

        return vector.norm().item<double>();
    }
}

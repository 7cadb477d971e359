using DeviceId.Acceleration.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>
/// A mixture as the factors of one matrix product: ln(w p(x)) of every component is [1, z, z²] x [constants; products], z a standardised
/// frame.
/// </summary>
/// <remarks>
/// Frames are centred and scaled first: the expanded square p x² - 2 p x mu + p mu² cancels, and float32 keeps it accurate only near the
/// origin. ln p(x) = ln w - (D ln 2 pi + sum ln var) / 2 - sum (x - mu)² / (2 var).
/// </remarks>
internal sealed class ScoringTables : IDisposable
{
    /// <param name="model">The mixture.</param>
    /// <param name="shift">(coefficient), float64: subtracted from each frame.</param>
    /// <param name="scale">(coefficient), float64, above 0: divides each frame.</param>
    public ScoringTables(DiagonalGmm model, Tensor shift, Tensor scale)
    {
        using var scope = NewDisposeScope();
        using var gradless = no_grad();
        var means = (model.Means - shift) / scale;
        var floor = TotalVariance(model).mul(DiagonalGmm.RelativeFloor).clamp_min(DiagonalGmm.AbsoluteFloor);
        var variances = maximum(model.Variances, floor) / (scale * scale);
        var constants = model.Weights.log() - 0.5 * (variances.log() + means * means / variances).sum(1)
            - (0.5 * model.Dimension * Math.Log(2 * Math.PI)) - scale.log().sum();
        Shift = shift.clone().DetachFromDisposeScope();
        Scale = scale.clone().DetachFromDisposeScope();
        Constants = constants.DetachFromDisposeScope();
        Products = cat([means / variances, -0.5 / variances], 1).t().contiguous().DetachFromDisposeScope();
    }

    /// <summary>(coefficient), float64.</summary>
    public Tensor Shift { get; }

    /// <summary>(coefficient), float64.</summary>
    public Tensor Scale { get; }

    /// <summary>(component), float64; minus infinity where the weight is 0.</summary>
    public Tensor Constants { get; }

    /// <summary>(2 x coefficient, component), float64: factors of z, then of z².</summary>
    public Tensor Products { get; }

    /// <summary>Coefficients of a frame.</summary>
    public int Dimension => (int)Shift.shape[0];

    /// <summary>Components of the mixture.</summary>
    public int Components => (int)Constants.shape[0];

    /// <summary>Tables centred on the mixture itself: its mean and its standard deviation.</summary>
    public static ScoringTables For(DiagonalGmm model)
    {
        using var scope = NewDisposeScope();
        return new ScoringTables(model, model.Weights.matmul(model.Means),
            TotalVariance(model).clamp_min(DiagonalGmm.AbsoluteFloor).sqrt());
    }

    /// <summary>The same as plain numbers, for the kernels.</summary>
    public MixtureOperands Operands() => new(Numbers(Shift), Numbers(Scale), Numbers(Constants), Numbers(Products));

    public void Dispose()
    {
        Shift.Dispose();
        Scale.Dispose();
        Constants.Dispose();
        Products.Dispose();
    }

    private static double[] Numbers(Tensor values) => [.. values.data<double>()];

    private static Tensor TotalVariance(DiagonalGmm model)
    {
        var offsets = model.Means - model.Weights.matmul(model.Means);
        return model.Weights.matmul(model.Variances + offsets * offsets);
    }
}

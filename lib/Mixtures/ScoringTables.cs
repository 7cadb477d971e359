using DeviceId.Acceleration.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Mixtures;

/// <summary>
/// A mixture as the operands of one matrix product: ln(w p(x)) of every component is [1, z, z²] x [constants; products], where z is a
/// standardised frame.
/// </summary>
/// <remarks>
/// ln p(x) = ln w - (D ln 2 pi + sum ln var) / 2 - sum (x - mu)² / (2 var). With p = 1 / var, the square is expanded to p x² - 2 p x mu + p
/// mu². These terms cancel, so float32 is accurate only near the origin: frames are centred and scaled first.
/// </remarks>
internal sealed class ScoringTables : IDisposable
{
    /// <param name="model">The mixture.</param>
    /// <param name="shift">Subtracted from each frame: (coefficient), float64.</param>
    /// <param name="scale">Each frame is divided by it: (coefficient), float64, above 0.</param>
    public ScoringTables(DiagonalGmm model, Tensor shift, Tensor scale)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
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

    /// <summary>Subtracted from each frame: (coefficient), float64.</summary>
    public Tensor Shift { get; }

    /// <summary>Each frame is divided by it: (coefficient), float64.</summary>
    public Tensor Scale { get; }

    /// <summary>Constant terms (component), float64; minus infinity where the weight is 0.</summary>
    public Tensor Constants { get; }

    /// <summary>Multipliers of z, then of z²: (2 x coefficient, component), float64.</summary>
    public Tensor Products { get; }

    /// <summary>Number of coefficients of a frame.</summary>
    public int Dimension => (int)Shift.shape[0];

    /// <summary>Number of components of the mixture.</summary>
    public int Components => (int)Constants.shape[0];

    /// <summary>Creates tables that standardise by the mixture's own mean and standard deviation.</summary>
    public static ScoringTables For(DiagonalGmm model)
    {
        using var scope = NewDisposeScope();
        return new ScoringTables(model, model.Weights.matmul(model.Means),
            TotalVariance(model).clamp_min(DiagonalGmm.AbsoluteFloor).sqrt());
    }

    /// <summary>The same values as arrays, for the kernels.</summary>
    public MixtureOperands Operands() => new(ToArray(Shift), ToArray(Scale), ToArray(Constants), ToArray(Products));

    public void Dispose()
    {
        Shift.Dispose();
        Scale.Dispose();
        Constants.Dispose();
        Products.Dispose();
    }

    private static double[] ToArray(Tensor values) => [.. values.data<double>()];

    private static Tensor TotalVariance(DiagonalGmm model)
    {
        var offsets = model.Means - model.Weights.matmul(model.Means);
        return model.Weights.matmul(model.Variances + offsets * offsets);
    }
}

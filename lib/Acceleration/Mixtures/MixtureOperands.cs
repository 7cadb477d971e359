namespace DeviceId.Acceleration.Mixtures;

/// <summary>A mixture: ln(w p(x)) is [1, z, z²] x [Constants; Products] with z = (x - Shift) / Scale for a frame x.</summary>
/// <param name="Shift">(coefficient).</param>
/// <param name="Scale">(coefficient), above 0.</param>
/// <param name="Constants">(component); minus infinity where the weight is 0.</param>
/// <param name="Products">(2 x coefficient, component), row after row: coefficients of z, then of z².</param>
internal sealed record MixtureOperands(double[] Shift, double[] Scale, double[] Constants, double[] Products)
{
    /// <summary>Coefficients of a frame.</summary>
    public int Dimension => Shift.Length;

    /// <summary>Components of the mixture.</summary>
    public int Components => Constants.Length;
}

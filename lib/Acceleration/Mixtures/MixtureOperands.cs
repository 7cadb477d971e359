namespace DeviceId.Acceleration.Mixtures;

/// <summary>
/// A Gaussian mixture as the operands of a matrix product: ln(w p(x)) = [1, z, z²] x [Constants; Products], z = (x - Shift) / Scale for a
/// frame x.
/// </summary>
/// <param name="Shift">(coefficient).</param>
/// <param name="Scale">(coefficient), above 0.</param>
/// <param name="Constants">(component), minus infinity where the weight is 0.</param>
/// <param name="Products">(2 x coefficient, component), row-major: the factors of z, then those of z².</param>
internal sealed record MixtureOperands(double[] Shift, double[] Scale, double[] Constants, double[] Products)
{
    /// <summary>Coefficients in a frame.</summary>
    public int Dimension => Shift.Length;

    /// <summary>Components in the mixture.</summary>
    public int Components => Constants.Length;
}

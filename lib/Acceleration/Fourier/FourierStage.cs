using System.Numerics;

namespace DeviceId.Acceleration.Fourier;

/// <summary>A stage of the transform; divides each block of <paramref name="length"/> values into <paramref name="radix"/>.</summary>
internal sealed class FourierStage(int radix, int length, int blocks)
{
    public int Radix { get; } = radix;

    public int Blocks { get; } = blocks;

    /// <summary>Stride between the inputs of a butterfly, and length of the resulting blocks.</summary>
    public int Step { get; } = length / radix;

    /// <summary>Twiddle factors exp(-2 pi i p j / length), (p, j - 1).</summary>
    public Complex[] Twiddles { get; } =
        [.. from p in Enumerable.Range(0, length / radix) from j in Enumerable.Range(1, radix - 1) select Root(-(long)p * j, length)];

    /// <summary>exp(2 pi i j k / radix) for j and k up to half an odd radix, (j - 1, k - 1).</summary>
    public Complex[] Roots { get; } =
        [.. from j in Enumerable.Range(1, radix / 2) from k in Enumerable.Range(1, radix / 2) select Root((long)j * k, radix)];

    private static Complex Root(long numerator, int denominator)
    {
        var (sine, cosine) = Math.SinCos(2 * Math.PI * (numerator % denominator) / denominator);
        return new Complex(cosine, sine);
    }
}

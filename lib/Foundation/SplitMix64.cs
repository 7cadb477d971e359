using System.Runtime.Intrinsics;

namespace DeviceId.Foundation;

/// <summary>A pseudorandom generator with the same sequence on every platform and runtime, for corpora and shuffles.</summary>
/// <remarks>SplitMix64: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
/// <param name="seed">Any value; neighbouring seeds give unrelated sequences.</param>
public sealed class SplitMix64(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private const ulong FirstFactor = 0xBF58476D1CE4E5B9;
    private const ulong SecondFactor = 0x94D049BB133111EB;

    private ulong _state = seed;

    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        _state += Step;
        var z = _state;
        z = (z ^ (z >> 30)) * FirstFactor;
        z = (z ^ (z >> 27)) * SecondFactor;
        return z ^ (z >> 31);
    }

    /// <summary>The next eight outputs of <see cref="Next"/>, in order.</summary>
    internal Vector512<ulong> NextEight()
    {
        var z = Vector512.Create(_state) + (Vector512.Create(1UL, 2, 3, 4, 5, 6, 7, 8) * Step);
        _state += unchecked(8 * Step);
        z = (z ^ (z >>> 30)) * FirstFactor;
        z = (z ^ (z >>> 27)) * SecondFactor;
        return z ^ (z >>> 31);
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high) => low + (high - low) * Uniform();

    /// <summary>Uniform integer in 0..bound-1; the bias is below bound / 2^64.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Standard normal (Box-Muller; the second value of the pair is discarded).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
}

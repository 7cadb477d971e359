using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeviceId.Acceleration.Fourier;

/// <summary>The discrete Fourier transform of several sequences at once, in double precision, in place, one per SIMD lane.</summary>
/// <remarks>
/// Decimation in frequency with radices 4, 2 and the odd primes of the length (W. M. Gentleman, G. Sande, "Fast Fourier transforms: for fun
/// and profit", AFIPS 1966). Lanes are independent: a result depends neither on the neighbours nor on the register width. libtorch's
/// transform (MKL) does not use wide registers on processors other than Intel's.
/// </remarks>
internal sealed class FourierTransform
{
    /// <summary>An odd prime takes quadratic time; lengths with a larger one are left to libtorch.</summary>
    private const int MaxPrime = 500;

    private readonly List<FourierStage> _stages = [];

    /// <summary>Prepares the tables of one length.</summary>
    /// <param name="length">One for which <see cref="Accepts"/> is true.</param>
    public FourierTransform(int length)
    {
        Length = length;
        Places = [0];
        for (var rest = length; rest > 1;)
        {
            var stage = new FourierStage(NextRadix(rest), rest, length / rest);
            _stages.Add(stage);
            // Block j of this stage holds the bins with remainder j modulo the product of the radices so far.
            var split = length / rest;
            Places = [.. Enumerable.Range(0, split * stage.Radix).Select(bin => Places[bin % split] + (bin / split * stage.Step))];
            rest = stage.Step;
        }
    }

    /// <summary>Complex values in a sequence.</summary>
    public int Length { get; }

    /// <summary>Index of bin k after <see cref="Run"/>.</summary>
    public int[] Places { get; }

    /// <summary>Whether sequences of this length are transformed here.</summary>
    public static bool Accepts(int length)
    {
        if (length < 1)
            return false;
        while (length > 1 && NextRadix(length) <= MaxPrime)
            length /= NextRadix(length);
        return length == 1;
    }

    /// <summary>Sum over n of x(n) exp(-2 pi i n k / Length).</summary>
    /// <param name="values">(n, [real, imaginary], lane), replaced by (<see cref="Places"/> of k, [real, imaginary], lane).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run(Span<Vector256<double>> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, 2 * Length);
        ref var first = ref MemoryMarshal.GetReference(values);
        foreach (var stage in _stages)
        {
            for (var p = 0; p < stage.Step; p++)
            {
                var twiddles = stage.Twiddles.AsSpan(p * (stage.Radix - 1), stage.Radix - 1);
                ref var x = ref Unsafe.Add(ref first, 2 * p);
                switch (stage.Radix)
                {
                    case 2:
                        FourierButterflies.Two(ref x, stage, twiddles);
                        break;
                    case 3:
                        FourierButterflies.Three(ref x, stage, twiddles);
                        break;
                    case 4:
                        FourierButterflies.Four(ref x, stage, twiddles);
                        break;
                    case 5:
                        FourierButterflies.Five(ref x, stage, twiddles);
                        break;
                    default:
                        FourierButterflies.Odd(ref x, stage, twiddles);
                        break;
                }
            }
        }
    }

    private static int NextRadix(int length)
    {
        if (length % 4 == 0)
            return 4;
        var radix = 2;
        while (length % radix != 0)
            radix = radix * radix > length ? length : radix + 1;
        return radix;
    }
}

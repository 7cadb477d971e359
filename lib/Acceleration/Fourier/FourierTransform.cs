using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeviceId.Acceleration.Fourier;

/// <summary>
/// The discrete Fourier transform of several sequences at once, in double precision and in place: one sequence a lane of the machine's
/// registers.
/// </summary>
/// <remarks>
/// Decimation in frequency with radices 4, 2 and the odd primes of the length (W. M. Gentleman, G. Sande, "Fast Fourier transforms: for fun
/// and profit", AFIPS 1966). A lane never meets another: what comes out of it does not depend on its neighbours, nor on the machine's
/// registers. MKL's transform, which libtorch takes, does not use the wide registers of processors that are not Intel's (measured on an
/// AMD EPYC: half of the time of the whole feature extraction).
/// </remarks>
internal sealed class FourierTransform
{
    /// <summary>An odd prime takes time as its square; above this one a length is left to libtorch.</summary>
    private const int LargestPrime = 500;

    private readonly List<FourierStage> _stages = [];

    /// <summary>Prepares the tables of one length.</summary>
    /// <param name="length">One for which <see cref="Takes"/> is true.</param>
    public FourierTransform(int length)
    {
        Length = length;
        Places = [0];
        for (var rest = length; rest > 1;)
        {
            var stage = new FourierStage(NextRadix(rest), rest, length / rest);
            _stages.Add(stage);
            // Block j of this stage holds the bins that leave j when divided by what the stages so far have split by.
            var split = length / rest;
            Places = [.. Enumerable.Range(0, split * stage.Radix).Select(bin => Places[bin % split] + (bin / split * stage.Step))];
            rest = stage.Step;
        }
    }

    /// <summary>Numbers in a sequence.</summary>
    public int Length { get; }

    /// <summary>Where bin k lies after <see cref="Run"/>.</summary>
    public int[] Places { get; }

    /// <summary>Whether sequences of this length are transformed here.</summary>
    public static bool Takes(int length)
    {
        if (length < 1)
            return false;
        while (length > 1 && NextRadix(length) <= LargestPrime)
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
                var factors = stage.Factors.AsSpan(p * (stage.Radix - 1), stage.Radix - 1);
                ref var x = ref Unsafe.Add(ref first, 2 * p);
                switch (stage.Radix)
                {
                    case 2:
                        FourierButterflies.Two(ref x, stage, factors);
                        break;
                    case 3:
                        FourierButterflies.Three(ref x, stage, factors);
                        break;
                    case 4:
                        FourierButterflies.Four(ref x, stage, factors);
                        break;
                    case 5:
                        FourierButterflies.Five(ref x, stage, factors);
                        break;
                    default:
                        FourierButterflies.Odd(ref x, stage, factors);
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

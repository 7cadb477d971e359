using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeviceId.Acceleration.Fourier;

/// <summary>In-place discrete Fourier transform of several sequences, one per SIMD lane, in double precision.</summary>
/// <remarks>
/// Decimation in frequency with radices 4, 2 and the odd primes of the length (W. M. Gentleman, G. Sande, "Fast Fourier transforms: for fun
/// and profit", AFIPS 1966). Lanes are independent: a result depends neither on the other lanes nor on the register width. libtorch's
/// transform (MKL) does not use wide registers on processors that are not Intel's.
/// </remarks>
internal sealed class FourierTransform
{
    /// <summary>Maximum prime factor. The butterfly of an odd prime takes quadratic time, so larger ones are left to libtorch.</summary>
    private const int MaxPrime = 500;

    private readonly List<FourierStage> _stages = [];

    /// <summary>Computes the tables for one length.</summary>
    /// <param name="length">A length for which <see cref="Accepts"/> returns true.</param>
    public FourierTransform(int length)
    {
        Length = length;
        OutputIndices = [0];
        for (var blockLength = length; blockLength > 1;)
        {
            var stage = new FourierStage(NextRadix(blockLength), blockLength, length / blockLength);
            _stages.Add(stage);
            // Block j of this stage holds the bins with remainder j modulo the product of the radices so far.
            var blocks = stage.Blocks;
            OutputIndices =
                [.. Enumerable.Range(0, blocks * stage.Radix).Select(bin => OutputIndices[bin % blocks] + (bin / blocks * stage.Step))];
            blockLength = stage.Step;
        }
    }

    /// <summary>Number of complex values in a sequence.</summary>
    public int Length { get; }

    /// <summary>The index of each bin in the output of <see cref="Run"/>.</summary>
    public int[] OutputIndices { get; }

    /// <summary>Whether this transform supports sequences of this length.</summary>
    public static bool Accepts(int length)
    {
        if (length < 1)
            return false;
        while (length > 1 && NextRadix(length) <= MaxPrime)
            length /= NextRadix(length);
        return length == 1;
    }

    /// <summary>Computes X(k) = sum over n of x(n) exp(-2 pi i n k / Length).</summary>
    /// <param name="values">(n, [real, imaginary], lane), replaced by (<see cref="OutputIndices"/>[k], [real, imaginary], lane).</param>
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
                        FourierButterflies.Radix2(ref x, stage, twiddles);
                        break;
                    case 3:
                        FourierButterflies.Radix3(ref x, stage, twiddles);
                        break;
                    case 4:
                        FourierButterflies.Radix4(ref x, stage, twiddles);
                        break;
                    case 5:
                        FourierButterflies.Radix5(ref x, stage, twiddles);
                        break;
                    default:
                        FourierButterflies.OddRadix(ref x, stage, twiddles);
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

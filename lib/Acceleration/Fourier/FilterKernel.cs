using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeviceId.Acceleration.Fourier;

/// <summary>Applies a filter bank to the magnitude spectra of several frames, one per SIMD lane.</summary>
/// <remarks>The bank is stored sparse: as a dense matrix, nine tenths of its weights would be zero.</remarks>
internal sealed class FilterKernel
{
    private readonly int _innerBins; // bins between DC and half the sample rate, both excluded
    private readonly (int First, double[] Weights)[] _filters; // weights of an even number of bins from First onwards

    /// <param name="bank">Weights (filter, bin), 0 at half the sample rate.</param>
    /// <param name="length">Samples in a frame.</param>
    public FilterKernel(double[,] bank, int length)
    {
        _innerBins = (length - 1) / 2;
        _filters = [.. Enumerable.Range(0, bank.GetLength(0)).Select(filter => NonZeroWeights(bank, filter))];
    }

    /// <summary>Computes the filter outputs, and the maximum magnitude between DC and half the sample rate.</summary>
    /// <param name="magnitudes">(bin, lane).</param>
    /// <param name="energies">(frame, filter + 1): filled; the last column is the maximum, NaN for a frame with a NaN.</param>
    /// <param name="frames">Frames, from 1 to the number of lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Energies(ReadOnlySpan<Vector256<double>> magnitudes, Span<float> energies, int frames)
    {
        var width = _filters.Length + 1;
        Span<Vector256<double>> sums = stackalloc Vector256<double>[width];
        for (var filter = 0; filter < _filters.Length; filter++)
        {
            var (first, weights) = _filters[filter];
            ref var weight = ref MemoryMarshal.GetArrayDataReference(weights);
            ref readonly var magnitude = ref magnitudes[first];
            // Two accumulators, for even and odd bins: a single one would wait for the latency of each addition.
            var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
            for (nint i = 0; i < weights.Length; i += 2)
            {
                ref var pair = ref Unsafe.Add(ref Unsafe.AsRef(in magnitude), i);
                even = Vector256.MultiplyAddEstimate(pair, Vector256.Create(Unsafe.Add(ref weight, i)), even);
                odd = Vector256.MultiplyAddEstimate(Unsafe.Add(ref pair, 1), Vector256.Create(Unsafe.Add(ref weight, i + 1)), odd);
            }

            sums[filter] = even + odd;
        }

        var (max, sum) = (Vector256<double>.Zero, Vector256<double>.Zero);
        foreach (var magnitude in magnitudes.Slice(1, _innerBins))
            (max, sum) = (Vector256.Max(max, magnitude), sum + magnitude);
        // The maximum instruction may drop a NaN; a sum does not.
        sums[^1] = Vector256.ConditionalSelect(Vector256.Equals(sum, sum), max, sum);
        var values = MemoryMarshal.Cast<Vector256<double>, double>(sums);
        for (var frame = 0; frame < frames; frame++)
        {
            for (var i = 0; i < width; i++)
                energies[(frame * width) + i] = (float)values[(i * Vector256<double>.Count) + frame];
        }
    }

    private static (int First, double[] Weights) NonZeroWeights(double[,] bank, int filter)
    {
        var bins = Enumerable.Range(0, bank.GetLength(1)).Where(bin => bank[filter, bin] > 0).ToArray();
        if (bins.Length == 0)
            return (0, []);
        // Rounded up to an even number: as the weight at half the sample rate is 0, there is always one more bin after the last.
        var evenCount = (bins[^1] - bins[0] + 2) / 2 * 2;
        return (bins[0], [.. Enumerable.Range(bins[0], evenCount).Select(bin => bank[filter, bin])]);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeviceId.Acceleration.Fourier;

/// <summary>A filter bank over the magnitudes of several frames at once, one per SIMD lane.</summary>
/// <remarks>Sparse: in a dense matrix product nine of ten factors would be zero.</remarks>
internal sealed class FilterKernel
{
    private readonly int _inner; // bins between DC and half the sample rate
    private readonly (int First, double[] Weights)[] _filters; // weights of an even number of bins from the first on

    /// <param name="bank">(filter, bin): the weights, 0 at half the sample rate.</param>
    /// <param name="length">Samples of a frame.</param>
    public FilterKernel(double[,] bank, int length)
    {
        _inner = (length - 1) / 2;
        _filters = [.. Enumerable.Range(0, bank.GetLength(0)).Select(filter => Support(bank, filter))];
    }

    /// <summary>The filters' outputs, then the largest magnitude between DC and half the sample rate.</summary>
    /// <param name="magnitudes">(bin, lane).</param>
    /// <param name="energies">(frame, filter + 1): filled. The largest of a frame with a NaN is NaN.</param>
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
            // Two sums, of even and odd bins: a single one would wait for its own latency.
            var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
            for (nint i = 0; i < weights.Length; i += 2)
            {
                ref var pair = ref Unsafe.Add(ref Unsafe.AsRef(in magnitude), i);
                even = Vector256.MultiplyAddEstimate(pair, Vector256.Create(Unsafe.Add(ref weight, i)), even);
                odd = Vector256.MultiplyAddEstimate(Unsafe.Add(ref pair, 1), Vector256.Create(Unsafe.Add(ref weight, i + 1)), odd);
            }

            sums[filter] = even + odd;
        }

        var (largest, all) = (Vector256<double>.Zero, Vector256<double>.Zero);
        foreach (var magnitude in magnitudes.Slice(1, _inner))
            (largest, all) = (Vector256.Max(largest, magnitude), all + magnitude);
        // The maximum instruction may ignore a NaN; a sum does not.
        sums[^1] = Vector256.ConditionalSelect(Vector256.Equals(all, all), largest, all);
        var values = MemoryMarshal.Cast<Vector256<double>, double>(sums);
        for (var frame = 0; frame < frames; frame++)
        {
            for (var i = 0; i < width; i++)
                energies[(frame * width) + i] = (float)values[(i * Vector256<double>.Count) + frame];
        }
    }

    private static (int First, double[] Weights) Support(double[,] bank, int filter)
    {
        var bins = Enumerable.Range(0, bank.GetLength(1)).Where(bin => bank[filter, bin] > 0).ToArray();
        if (bins.Length == 0)
            return (0, []);
        // The weight at half the sample rate is 0: there is always one more bin behind the last.
        var even = (bins[^1] - bins[0] + 2) / 2 * 2;
        return (bins[0], [.. Enumerable.Range(bins[0], even).Select(bin => bank[filter, bin])]);
    }
}

using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeviceId.Foundation.Simd;

namespace DeviceId.Features;

/// <summary>What comes after the Fourier transform of a frame, in float32 on the CPU: magnitudes and mel filters in one pass that stays in the cache.</summary>
/// <remarks>libtorch's magnitude of a complex number is twice as slow as its transform, and a dense product with the filters multiplies zeros nine times out of ten.</remarks>
internal abstract class FilterKernel
{
    /// <summary>The kernel for the widest registers of this machine.</summary>
    public static FilterKernel For(MfccTables tables) =>
        Lanes512.IsSupported ? new FilterKernel<Lanes512>(tables) : Lanes256.IsSupported ? new FilterKernel<Lanes256>(tables) : new FilterKernel<Lanes128>(tables);

    /// <summary>The filters' outputs, then the largest magnitude between DC and half the sample rate.</summary>
    /// <param name="spectrum">(bin, [real, imaginary]).</param>
    /// <param name="energies">(filter + 1).</param>
    public abstract void Energies(ReadOnlySpan<float> spectrum, Span<float> energies);
}

/// <inheritdoc/>
/// <typeparam name="T">The registers.</typeparam>
internal sealed class FilterKernel<T> : FilterKernel
    where T : struct, ILanes<T>
{
    [ThreadStatic]
    private static AlignedFloats? t_magnitudes;

    private readonly int _bins;
    private readonly int _inner; // bins between DC and half the sample rate
    private readonly (int First, float[] Weights)[] _filters; // weights of the bins from the first on, filled with zeros to whole registers

    public FilterKernel(MfccTables tables)
    {
        (_bins, _inner) = (tables.Bank.Bins, (tables.Grid.Length - 1) / 2);
        _filters = [.. Enumerable.Range(0, tables.Bank.Filters).Select(filter => Support(tables.Bank.Weights, filter))];
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Energies(ReadOnlySpan<float> spectrum, Span<float> energies)
    {
        // Room for the registers that reach over the last bin; what lies there weighs nothing, but must be a number.
        var room = _bins + (2 * T.Count);
        if (t_magnitudes is null || t_magnitudes.Length < room)
            t_magnitudes = new AlignedFloats(room);
        Magnitudes(spectrum, ref t_magnitudes[0]);
        for (var filter = 0; filter < _filters.Length; filter++)
        {
            var (first, weights) = _filters[filter];
            var sum = T.Spread(0);
            for (var i = 0; i < weights.Length; i += T.Count)
                sum = T.MultiplyAdd(T.Load(ref t_magnitudes[first + i]), T.Load(ref weights[i]), sum);
            energies[filter] = T.Sum(sum);
        }

        // Not T.Max: what is no number must come out as none.
        energies[_filters.Length] = TensorPrimitives.Max<float>(t_magnitudes.Span.Slice(1, _inner));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Magnitudes(ReadOnlySpan<float> spectrum, ref float magnitudes)
    {
        ref var from = ref MemoryMarshal.GetReference(spectrum);
        var at = 0;
        for (; at <= _bins - T.Count; at += T.Count)
        {
            var (low, high) = (T.Load(ref Unsafe.Add(ref from, 2 * at)), T.Load(ref Unsafe.Add(ref from, (2 * at) + T.Count)));
            T.Store(T.SquareRoot(T.AddPairs(low * low, high * high)), ref Unsafe.Add(ref magnitudes, at));
        }

        for (; at < _bins; at++)
            Unsafe.Add(ref magnitudes, at) = MathF.Sqrt((spectrum[2 * at] * spectrum[2 * at]) + (spectrum[(2 * at) + 1] * spectrum[(2 * at) + 1]));
    }

    private static (int First, float[] Weights) Support(double[,] bank, int filter)
    {
        var bins = Enumerable.Range(0, bank.GetLength(1)).Where(bin => bank[filter, bin] > 0).ToArray();
        if (bins.Length == 0)
            return (0, []);
        var weights = new float[(bins[^1] - bins[0] + T.Count) / T.Count * T.Count];
        foreach (var bin in bins)
            weights[bin - bins[0]] = (float)bank[filter, bin];
        return (bins[0], weights);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeviceId.Acceleration.Simd;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Acceleration.Optimiser;

/// <summary>A step of Adam in one pass over parameter, gradient and both moments; it is limited by memory bandwidth.</summary>
internal static class AdamKernel
{
    private const int BlockValues = 1 << 16;

    /// <summary>The coefficients of p = p - Rate m / (sqrt(v) Scale + Epsilon). Scale and Rate include the bias corrections.</summary>
    public readonly record struct Coefficients(double Beta1, double Beta2, double Scale, double Epsilon, double Rate);

    /// <summary>
    /// Runs one step on as many threads as libtorch uses. Elements are independent, so the result is bit-identical for any number of
    /// threads.
    /// </summary>
    /// <param name="parameter">Updated.</param>
    /// <param name="gradient">Same shape.</param>
    /// <param name="first">First moment m, same shape: updated.</param>
    /// <param name="second">Second moment v, same shape: updated.</param>
    /// <param name="coefficients">Of this step.</param>
    public static void Step(Tensor parameter, Tensor gradient, Tensor first, Tensor second, Coefficients coefficients)
    {
        var count = (int)parameter.numel();
        if (count <= BlockValues)
            UpdateChunk(0, count);
        else
            ParallelLoops.ForChunks(count, BlockValues, UpdateChunk, ParallelLoops.Threads);

        void UpdateChunk(int at, int length) => SimdDispatch.Run(new Work(
            Slice(parameter, at, length), Slice(gradient, at, length), Slice(first, at, length), Slice(second, at, length), coefficients));
    }

    /// <summary>The pass with SIMD vectors of one width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Pass<T>(
        Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, Coefficients coefficients)
        where T : struct, ISimdVector<T>
    {
        ref var p = ref MemoryMarshal.GetReference(parameter);
        ref var g = ref MemoryMarshal.GetReference(gradient);
        ref var m = ref MemoryMarshal.GetReference(first);
        ref var v = ref MemoryMarshal.GetReference(second);
        var at = 0;
        for (; at <= parameter.Length - T.Count; at += T.Count)
            Update<T>(
                ref Unsafe.Add(ref p, at), ref Unsafe.Add(ref g, at), ref Unsafe.Add(ref m, at), ref Unsafe.Add(ref v, at), coefficients);
        if (at == parameter.Length)
            return;
        // The remainder is shorter than a register. It goes through the same vector code in a workspace, so that results do not depend on
        // where a chunk ends.
        Span<float> workspace = stackalloc float[4 * T.Count];
        var (remainder, g0, m0, v0) = (parameter.Length - at, T.Count, 2 * T.Count, 3 * T.Count);
        parameter[at..].CopyTo(workspace);
        gradient[at..].CopyTo(workspace[g0..]);
        first[at..].CopyTo(workspace[m0..]);
        second[at..].CopyTo(workspace[v0..]);
        Update<T>(ref workspace[0], ref workspace[g0], ref workspace[m0], ref workspace[v0], coefficients);
        workspace[..remainder].CopyTo(parameter[at..]);
        workspace.Slice(m0, remainder).CopyTo(first[at..]);
        workspace.Slice(v0, remainder).CopyTo(second[at..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<T>(ref float parameter, ref float gradient, ref float first, ref float second, in Coefficients coefficients)
        where T : struct, ISimdVector<T>
    {
        var g = T.Load(ref gradient);
        var m = T.Load(ref first);
        m = T.MultiplyAdd(g - m, T.Broadcast((float)(1 - coefficients.Beta1)), m);
        var v = T.MultiplyAdd(
            g * g, T.Broadcast((float)(1 - coefficients.Beta2)), T.Load(ref second) * T.Broadcast((float)coefficients.Beta2));
        T.Store(m, ref first);
        T.Store(v, ref second);
        var divisor = T.MultiplyAdd(T.SquareRoot(v), T.Broadcast((float)coefficients.Scale), T.Broadcast((float)coefficients.Epsilon));
        T.Store(T.MultiplyAdd(m / divisor, T.Broadcast((float)-coefficients.Rate), T.Load(ref parameter)), ref parameter);
    }

    private static Span<float> Slice(Tensor tensor, int at, int length) => tensor.FloatSpan().Slice(at, length);

    private readonly ref struct Work(
        Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, Coefficients coefficients) : ISimdWork
    {
        private readonly Span<float> _parameter = parameter;
        private readonly ReadOnlySpan<float> _gradient = gradient;
        private readonly Span<float> _first = first;
        private readonly Span<float> _second = second;

        public void Run<T>()
            where T : struct, ISimdVector<T> => Pass<T>(_parameter, _gradient, _first, _second, coefficients);
    }
}

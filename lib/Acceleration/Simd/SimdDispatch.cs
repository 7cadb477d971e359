using System.Runtime.CompilerServices;

namespace DeviceId.Acceleration.Simd;

/// <summary>Runs a computation with the widest SIMD vectors of this machine. The JIT resolves the choice at compile time.</summary>
internal static class SimdDispatch
{
    /// <summary>Runs a computation without a result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TWork>(TWork work)
        where TWork : ISimdWork, allows ref struct
    {
        if (Simd512.IsSupported)
            work.Run<Simd512>();
        else if (Simd256.IsSupported)
            work.Run<Simd256>();
        else
            work.Run<Simd128>();
    }

    /// <summary>Runs a computation and returns its result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TResult Run<TWork, TResult>(TWork work)
        where TWork : ISimdWork<TResult>, allows ref struct =>
        Simd512.IsSupported ? work.Run<Simd512>() : Simd256.IsSupported ? work.Run<Simd256>() : work.Run<Simd128>();
}

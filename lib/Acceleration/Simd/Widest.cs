using System.Runtime.CompilerServices;

namespace DeviceId.Acceleration.Simd;

/// <summary>
/// Runs work with the widest registers of this machine. The choice is a constant to the compiler: nothing is left of it in the machine's
/// code.
/// </summary>
internal static class Widest
{
    /// <summary>Runs work without a result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TWork>(TWork work)
        where TWork : IVectorWork, allows ref struct
    {
        if (Lanes512.IsSupported)
            work.Run<Lanes512>();
        else if (Lanes256.IsSupported)
            work.Run<Lanes256>();
        else
            work.Run<Lanes128>();
    }

    /// <summary>Runs work and returns its result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TResult Run<TWork, TResult>(TWork work)
        where TWork : IVectorWork<TResult>, allows ref struct =>
        Lanes512.IsSupported ? work.Run<Lanes512>() : Lanes256.IsSupported ? work.Run<Lanes256>() : work.Run<Lanes128>();
}

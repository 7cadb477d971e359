using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace DeviceId.Acceleration.Simd;

/// <summary>Prefetch instructions.</summary>
internal static class CacheHint
{
    /// <summary>Prefetches a cache line (16 values). Only a hint: any address is allowed, also an invalid one. No effect on ARM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(ref float first)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref first));
    }

    /// <summary>Prefetches a span of at most a few hundred cache lines; a core has only a few dozen loads in flight.</summary>
    public static void Prefetch(Span<float> values)
    {
        for (var at = 0; at < values.Length; at += 16)
            Prefetch(ref values[at]);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace DeviceId.Acceleration.Simd;

/// <summary>What the processor is told about the numbers that come next.</summary>
internal static class CacheHint
{
    /// <summary>These sixteen numbers will be read soon. Only a hint: nothing is read that a program could see, wherever it points; without effect on other processors than x86.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Soon(ref float first)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref first));
    }

    /// <summary>All of these will be read soon: for some hundreds of lines at most, of which a core asks for a few dozen at once.</summary>
    public static void Soon(Span<float> numbers)
    {
        for (var at = 0; at < numbers.Length; at += 16)
            Soon(ref numbers[at]);
    }
}

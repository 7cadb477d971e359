using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration;

/// <summary>The SIMD vector types that this machine supports.</summary>
internal static class SupportedWidths
{
    private static readonly (Type Width, bool IsSupported)[] Widths =
    [
        (typeof(Simd512), Simd512.IsSupported), (typeof(Simd256), Simd256.IsSupported), (typeof(Simd128), Simd128.IsSupported),
    ];

    /// <summary>Runs a check once for each width.</summary>
    /// <param name="check">A method with one type parameter, the vector type; its current type argument does not matter.</param>
    public static void Each(Action check)
    {
        var supported = Widths.Where(width => width.IsSupported).ToList();
        // Supported on every machine that runs .NET 10.
        Assert.Contains(supported, width => width.Width == typeof(Simd128));
        foreach (var (width, _) in supported)
            check.Method.GetGenericMethodDefinition().MakeGenericMethod(width).CreateDelegate<Action>(check.Target)();
    }
}

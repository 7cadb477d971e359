using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration;

/// <summary>The widths of registers that this machine has.</summary>
internal static class SupportedWidths
{
    private static readonly (Type Width, bool IsSupported)[] Widths =
    [
        (typeof(Simd512), Simd512.IsSupported), (typeof(Simd256), Simd256.IsSupported), (typeof(Simd128), Simd128.IsSupported),
    ];

    /// <summary>Makes a check once for each width.</summary>
    /// <param name="check">A method of one type parameter, the width, with any of them: it is called with each.</param>
    public static void Each(Action check)
    {
        var supported = Widths.Where(width => width.IsSupported).ToList();
        // All machines that .NET 10 runs on have these.
        Assert.Contains(supported, width => width.Width == typeof(Simd128));
        foreach (var (width, _) in supported)
            check.Method.GetGenericMethodDefinition().MakeGenericMethod(width).CreateDelegate<Action>(check.Target)();
    }
}

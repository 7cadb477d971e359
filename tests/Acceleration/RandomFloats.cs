using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration;

/// <summary>Values for tests of micro-kernels.</summary>
internal static class RandomFloats
{
    /// <summary>Whole numbers from -9 to 9: sums of their products are exact.</summary>
    public static AlignedFloats Whole(int length, Random random) => Filled(length, () => random.Next(-9, 10));

    /// <summary>Numbers between -0.5 and 0.5.</summary>
    public static AlignedFloats Fractions(int length, Random random) => Filled(length, () => (float)(random.NextDouble() - 0.5));

    private static AlignedFloats Filled(int length, Func<float> next)
    {
        var values = new AlignedFloats(length);
        foreach (ref var value in values.Span)
            value = next();
        return values;
    }
}

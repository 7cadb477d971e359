using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration;

/// <summary>Values for tests of micro-kernels.</summary>
internal static class RandomFloats
{
    /// <summary>Whole numbers from -9 to 9: sums of their products are exact.</summary>
    public static AlignedBuffer Whole(int length, Random random) => Filled(length, () => random.Next(-9, 10));

    /// <summary>Numbers between -0.5 and 0.5.</summary>
    public static AlignedBuffer Fractions(int length, Random random) => Filled(length, () => (float)(random.NextDouble() - 0.5));

    private static AlignedBuffer Filled(int length, Func<float> next)
    {
        var values = new AlignedBuffer(length);
        foreach (ref var value in values.Span)
            value = next();
        return values;
    }
}

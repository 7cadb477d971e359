using DeviceId.Acceleration.Simd;

namespace DeviceId.Tests.Acceleration;

/// <summary>Random matrices for tests of micro-kernels.</summary>
internal static class RandomFloats
{
    /// <summary>Integers from -9 to 9: sums of their products are exact.</summary>
    public static AlignedBuffer Integers(int length, Random random) => Fill(length, () => random.Next(-9, 10));

    /// <summary>Uniform values between -0.5 and 0.5.</summary>
    public static AlignedBuffer Uniform(int length, Random random) => Fill(length, () => (float)(random.NextDouble() - 0.5));

    private static AlignedBuffer Fill(int length, Func<float> next)
    {
        var values = new AlignedBuffer(length);
        foreach (ref var value in values.Span)
            value = next();
        return values;
    }
}

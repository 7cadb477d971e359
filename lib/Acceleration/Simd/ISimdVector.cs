namespace DeviceId.Acceleration.Simd;

/// <summary>A SIMD vector of float32 values. An algorithm is written once for any vector type and compiled for each width.</summary>
/// <typeparam name="T">The implementing type.</typeparam>
internal interface ISimdVector<T>
    where T : struct, ISimdVector<T>
{
    /// <summary>Number of values in the vector, a power of 2.</summary>
    static abstract int Count { get; }

    /// <summary>Whether this machine has registers of this width and, above 128 bits, fused multiply-add for them.</summary>
    static abstract bool IsSupported { get; }

    static abstract T Load(ref readonly float from);

    static abstract void Store(T value, ref float to);

    static abstract T Broadcast(float value);

    static abstract T operator +(T left, T right);

    static abstract T operator -(T left, T right);

    static abstract T operator *(T left, T right);

    static abstract T operator /(T left, T right);

    static abstract T SquareRoot(T value);

    /// <summary>left x right + addend, rounded once.</summary>
    static abstract T MultiplyAdd(T left, T right, T addend);

    /// <summary>sum += left x right, rounded once. For long loops: the JIT may copy the result of <see cref="MultiplyAdd"/>.</summary>
    static abstract void AddProduct(ref T sum, T left, T right);

    /// <summary>The element-wise maximum; the second operand where either is NaN.</summary>
    static abstract T Max(T first, T second);

    /// <summary><paramref name="value"/> where <paramref name="sign"/> is above 0, elsewhere 0.</summary>
    static abstract T WherePositive(T value, T sign);

    /// <summary>The horizontal sum of all lanes.</summary>
    static abstract float Sum(T value);

    /// <summary>The horizontal maximum of all lanes; undefined if one is NaN.</summary>
    static abstract float HorizontalMax(T value);

    /// <summary>value x 2ⁿ (ldexp), where n is the lowest nine bits of the bit pattern of <paramref name="power"/>.</summary>
    static abstract T ScaleByPowerOfTwo(T value, T power);
}

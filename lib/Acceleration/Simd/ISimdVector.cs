namespace DeviceId.Acceleration.Simd;

/// <summary>A SIMD vector of float32 values: an algorithm is written once over it and compiled for each width.</summary>
/// <typeparam name="T">The vector itself.</typeparam>
internal interface ISimdVector<T>
    where T : struct, ISimdVector<T>
{
    /// <summary>Values in the vector, a power of 2.</summary>
    static abstract int Count { get; }

    /// <summary>Whether this machine has such registers, and fused multiply-add for them.</summary>
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

    /// <summary>sum += left x right, rounded once. For long loops: the runtime may copy the result of <see cref="MultiplyAdd"/>.</summary>
    static abstract void AddProduct(ref T sum, T left, T right);

    /// <summary>The larger of each pair; where one is NaN, the second.</summary>
    static abstract T Max(T first, T second);

    /// <summary>The value where the sign is above zero, zero elsewhere.</summary>
    static abstract T WherePositive(T value, T sign);

    static abstract float Sum(T value);

    /// <summary>The maximum of all lanes; arbitrary where one is NaN.</summary>
    static abstract float HorizontalMax(T value);

    /// <summary>value x 2ⁿ (ldexp), with n the lowest nine bits of <paramref name="power"/>'s bit pattern.</summary>
    static abstract T ScaleByPowerOfTwo(T value, T power);
}

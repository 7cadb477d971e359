namespace DeviceId.Acceleration.Simd;

/// <summary>A vector register of single-precision numbers: an algorithm is written once over it and compiled for each width that machines have.</summary>
/// <typeparam name="T">The register itself.</typeparam>
internal interface ILanes<T>
    where T : struct, ILanes<T>
{
    /// <summary>Numbers in the register, a power of 2.</summary>
    static abstract int Count { get; }

    /// <summary>Whether this machine computes with such registers, fused multiplication and addition included.</summary>
    static abstract bool IsSupported { get; }

    static abstract T Load(ref readonly float from);

    static abstract void Store(T value, ref float to);

    static abstract T Spread(float value);

    static abstract T operator +(T left, T right);

    static abstract T operator -(T left, T right);

    static abstract T operator *(T left, T right);

    static abstract T operator /(T left, T right);

    static abstract T SquareRoot(T value);

    /// <summary>left x right + addend, rounded once.</summary>
    static abstract T MultiplyAdd(T left, T right, T addend);

    /// <summary>sum += left x right, rounded once. In long loops better than <see cref="MultiplyAdd"/>, whose result the runtime may compute in another register and copy.</summary>
    static abstract void AddProduct(ref T sum, T left, T right);

    /// <summary>The greater of each pair; where one is no number, the second.</summary>
    static abstract T Max(T first, T second);

    /// <summary>The value where the sign is above zero, zero elsewhere.</summary>
    static abstract T WherePositive(T value, T sign);

    static abstract float Sum(T value);

    /// <summary>The greatest of all lanes; where one is no number, any of them.</summary>
    static abstract float Greatest(T value);

    /// <summary>Adds the lowest nine bits of <paramref name="power"/>, read as a whole number, to the exponent of <paramref name="value"/>.</summary>
    static abstract T RaiseExponent(T value, T power);
}

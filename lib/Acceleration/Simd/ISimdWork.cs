namespace DeviceId.Acceleration.Simd;

/// <summary>A computation over SIMD vectors of any width, run by <see cref="SimdDispatch"/>. May be a ref struct.</summary>
internal interface ISimdWork
{
    /// <summary>Runs the computation with vectors of one width.</summary>
    /// <typeparam name="T">The SIMD vector type.</typeparam>
    void Run<T>()
        where T : struct, ISimdVector<T>;
}

/// <summary>A computation with a result; see <see cref="ISimdWork"/>.</summary>
/// <typeparam name="TResult">Type of the result.</typeparam>
internal interface ISimdWork<TResult>
{
    /// <inheritdoc cref="ISimdWork.Run"/>
    TResult Run<T>()
        where T : struct, ISimdVector<T>;
}

namespace DeviceId.Acceleration.Simd;

/// <summary>
/// Work written once over vectors of any width; <see cref="SimdDispatch"/> runs it. May be a ref struct with spans as fields.
/// </summary>
internal interface ISimdWork
{
    /// <summary>Does the work with vectors of one width.</summary>
    /// <typeparam name="T">The vectors.</typeparam>
    void Run<T>()
        where T : struct, ISimdVector<T>;
}

/// <summary>Work with a result; see <see cref="ISimdWork"/>.</summary>
/// <typeparam name="TResult">The result.</typeparam>
internal interface ISimdWork<TResult>
{
    /// <inheritdoc cref="ISimdWork.Run"/>
    TResult Run<T>()
        where T : struct, ISimdVector<T>;
}

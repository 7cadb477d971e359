namespace DeviceId.Acceleration.Simd;

/// <summary>Work written once over vectors of any width; <see cref="Widest"/> runs it. May be a ref struct with spans as fields.</summary>
internal interface IVectorWork
{
    /// <summary>Does the work with vectors of one width.</summary>
    /// <typeparam name="T">The vectors.</typeparam>
    void Run<T>()
        where T : struct, ISimdVector<T>;
}

/// <summary>Work with a result; see <see cref="IVectorWork"/>.</summary>
/// <typeparam name="TResult">The result.</typeparam>
internal interface IVectorWork<TResult>
{
    /// <inheritdoc cref="IVectorWork.Run"/>
    TResult Run<T>()
        where T : struct, ISimdVector<T>;
}

namespace DeviceId.Acceleration.Simd;

/// <summary>
/// Work written once over registers of any width; <see cref="Widest"/> runs it. A ref struct whose fields are the operands, so that they
/// may be spans.
/// </summary>
internal interface IVectorWork
{
    /// <summary>The work with registers of one width.</summary>
    /// <typeparam name="T">The registers.</typeparam>
    void Run<T>()
        where T : struct, ILanes<T>;
}

/// <summary>Work of which something comes out; see <see cref="IVectorWork"/>.</summary>
/// <typeparam name="TResult">What comes out.</typeparam>
internal interface IVectorWork<TResult>
{
    /// <inheritdoc cref="IVectorWork.Run"/>
    TResult Run<T>()
        where T : struct, ILanes<T>;
}

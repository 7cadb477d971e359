namespace DeviceId.Foundation;

/// <summary>
/// A scope around each computation: it pauses finalizers (<see cref="FinalizerGuard"/>) and sets libtorch's thread count.
/// </summary>
/// <remarks>
/// It belongs to the calling thread, as libtorch's thread count does: never hold one across an await, which may continue on another thread
/// with another thread count, and so with other rounding. Nested scopes cost nothing. The first one makes glibc keep freed memory
/// (<see cref="ComputeDevice.Load"/>).
/// </remarks>
internal sealed class ComputeScope : IDisposable
{
    private readonly FinalizerGuard _finalizers;
    private readonly SingleThread? _threads;

    private ComputeScope(bool singleThreadedLibtorch)
    {
        // First, because it may be interrupted: nothing else has changed yet.
        _finalizers = new FinalizerGuard();
        _threads = singleThreadedLibtorch ? SingleThread.LibtorchOnly() : null;
    }

    /// <summary>Opens a scope.</summary>
    /// <param name="singleThreadedLibtorch">
    /// Whether libtorch uses one thread while the library's parallel loops use all. Right if the library does all large matrix products:
    /// one thread is faster for the small operations that are left to libtorch.
    /// </param>
    public static ComputeScope Enter(bool singleThreadedLibtorch = false)
    {
        ComputeDevice.Load();
        return new ComputeScope(singleThreadedLibtorch);
    }

    /// <summary>Closes the scope and restores the previous state.</summary>
    public void Dispose()
    {
        _threads?.Dispose();
        _finalizers.Dispose();
    }
}

namespace DeviceId.Foundation;

/// <summary>A scope around each computation: it stops finalizers (<see cref="FinalizerGuard"/>) and sets libtorch's threads.</summary>
/// <remarks>
/// It belongs to the calling thread, as libtorch's thread count does: never keep one over an await, which may go on in another thread with
/// another count, and other bits. Nested scopes cost nothing. The first one makes glibc keep freed memory
/// (<see cref="ComputeDevice.Load"/>).
/// </remarks>
internal sealed class ComputeScope : IDisposable
{
    private readonly FinalizerGuard _finalizers;
    private readonly SingleThread? _threads;

    private ComputeScope(bool libtorchAlone)
    {
        // First what may be interrupted: nothing is changed then.
        _finalizers = new FinalizerGuard();
        _threads = libtorchAlone ? SingleThread.OfLibtorch() : null;
    }

    /// <summary>Opens a scope.</summary>
    /// <param name="libtorchAlone">
    /// Whether libtorch uses one thread while the library's own loops use all: right where these do all large products, because one thread
    /// is faster at the small operations that are left to libtorch.
    /// </param>
    public static ComputeScope Enter(bool libtorchAlone = false)
    {
        ComputeDevice.Load();
        return new ComputeScope(libtorchAlone);
    }

    /// <summary>Closes the scope and restores the previous state.</summary>
    public void Dispose()
    {
        _threads?.Dispose();
        _finalizers.Dispose();
    }
}

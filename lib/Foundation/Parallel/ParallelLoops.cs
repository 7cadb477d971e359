using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Parallel for loops on the library's own worker threads.</summary>
/// <remarks>
/// Not .NET's thread pool: its threads often started only when the caller had already finished a loop of some milliseconds, while a waiting
/// thread of our own starts within 0.01 to 0.06 ms.
/// </remarks>
internal static class ParallelLoops
{
    [ThreadStatic]
    private static int? s_threads;

    /// <summary>
    /// Threads that the calling thread's loops use: libtorch's thread count, unless <see cref="SingleThread"/> set another.
    /// </summary>
    public static int Threads => s_threads ?? get_num_threads();

    /// <summary>Sets <see cref="Threads"/> for the calling thread; null for libtorch's thread count.</summary>
    /// <returns>The previous setting.</returns>
    internal static int? SetThreads(int? threads)
    {
        var before = s_threads;
        s_threads = threads;
        return before;
    }

    /// <summary>Calls <paramref name="work"/> with 0 to <paramref name="count"/> - 1 on several threads, the caller among them.</summary>
    /// <remarks>
    /// Returns when all started calls have finished, even if the calling thread is interrupted. Exceptions are not wrapped, so callers can
    /// catch their type; if several calls fail, the first exception is thrown.
    /// </remarks>
    /// <param name="count">Number of calls.</param>
    /// <param name="work">Called with each index.</param>
    /// <param name="threads">Maximum number of threads; 0 for the number of cores.</param>
    /// <param name="cancellationToken">Checked before each call.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void For(int count, Action<int> work, int threads = 0, CancellationToken cancellationToken = default)
    {
        var rangeCount = Math.Clamp(threads > 0 ? threads : Environment.ProcessorCount, 1, Math.Max(1, count));
        var loop = new ParallelLoop(count, rangeCount, work, cancellationToken);
        var workers = new WorkerThread?[rangeCount - 1];
        try
        {
            for (var i = 0; i < workers.Length; i++)
                workers[i] = WorkerThread.Start(loop, i + 1);
            loop.Run(0);
        }
        finally
        {
            // Also when the caller is interrupted, as a notebook's cell may be: memory that the workers still use must not be freed.
            loop.Stop();
            foreach (var worker in workers)
                worker?.Dismiss(loop);
        }

        loop.ThrowIfFailed();
    }

    /// <summary>Calls <paramref name="work"/> with chunks of <paramref name="length"/> indices; the last chunk may be shorter.</summary>
    /// <param name="count">Indices in all.</param>
    /// <param name="length">Indices in a chunk.</param>
    /// <param name="work">Called with the first index of a chunk and its length.</param>
    /// <param name="threads">Maximum number of threads.</param>
    /// <param name="cancellationToken">Checked before each call.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void ForChunks(int count, int length, Action<int, int> work, int threads, CancellationToken cancellationToken = default)
    {
        void RunChunk(int chunk) => work(chunk * length, Math.Min(length, count - (chunk * length)));
        For((count + length - 1) / length, RunChunk, threads, cancellationToken);
    }
}

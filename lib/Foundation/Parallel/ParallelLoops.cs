using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>Parallel loops.</summary>
/// <remarks>
/// The workers are threads of our own: those of .NET's pool often started only when a piece of work of some milliseconds was already done
/// by the caller, while a waiting thread of our own starts within 0.01 to 0.06 ms.
/// </remarks>
internal static class ParallelLoops
{
    [ThreadStatic]
    private static int? s_threads;

    /// <summary>Threads of the calling thread's loops: libtorch's number, unless <see cref="SingleThread"/> has left them more.</summary>
    public static int Threads => s_threads ?? get_num_threads();

    /// <summary>Sets <see cref="Threads"/> for the calling thread; null for libtorch's number.</summary>
    /// <returns>The previous setting.</returns>
    internal static int? SetThreads(int? threads)
    {
        var before = s_threads;
        s_threads = threads;
        return before;
    }

    /// <summary>Calls <paramref name="work"/> with 0 to <paramref name="count"/> - 1 on several threads, the caller among them.</summary>
    /// <remarks>
    /// It returns when all calls that were started are done, even where the calling thread is interrupted. Exceptions are not wrapped, so
    /// that callers can catch their type; of several the first is thrown.
    /// </remarks>
    /// <param name="count">Number of calls.</param>
    /// <param name="work">Called with each index.</param>
    /// <param name="threads">Max number of threads; 0 for the number of cores.</param>
    /// <param name="cancellationToken">Checked before each call.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void For(int count, Action<int> work, int threads = 0, CancellationToken cancellationToken = default)
    {
        var shares = Math.Clamp(threads > 0 ? threads : Environment.ProcessorCount, 1, Math.Max(1, count));
        var shared = new ParallelLoop(count, shares, work, cancellationToken);
        var workers = new WorkerThread?[shares - 1];
        try
        {
            for (var i = 0; i < workers.Length; i++)
                workers[i] = WorkerThread.Start(shared, i + 1);
            shared.Run(0);
        }
        finally
        {
            // Also where the caller is interrupted, as a notebook's cell may be: memory that the workers still use must not be freed.
            shared.Stop();
            foreach (var worker in workers)
                worker?.Dismiss(shared);
        }

        shared.ThrowIfFailed();
    }

    /// <summary>Calls <paramref name="work"/> with pieces of <paramref name="length"/> indices, the last one shorter.</summary>
    /// <param name="count">Indices in all.</param>
    /// <param name="length">Indices of a piece.</param>
    /// <param name="work">Called with the first index of a piece and its length.</param>
    /// <param name="threads">Max number of threads.</param>
    /// <param name="cancellationToken">Checked before each call.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void ForChunks(int count, int length, Action<int, int> work, int threads, CancellationToken cancellationToken = default)
    {
        void Piece(int piece) => work(piece * length, Math.Min(length, count - (piece * length)));
        For((count + length - 1) / length, Piece, threads, cancellationToken);
    }
}

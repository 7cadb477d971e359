using static TorchSharp.torch;

namespace DeviceId.Foundation;

/// <summary>One thread for libtorch while it lives: handing tiny operations to several costs more than it saves, many times more on a busy machine.</summary>
/// <remarks>For the calling thread alone, as libtorch has it: never keep one over an await, after which the work may go on in another thread with another number, and other bits.</remarks>
internal sealed class SingleThread : IDisposable
{
    private readonly int _before;

    /// <summary>Sets the calling thread's number to 1 until this is disposed of, by the same thread.</summary>
    public SingleThread()
    {
        ComputeDevice.Load();
        _before = get_num_threads();
        set_num_threads(1);
    }

    public void Dispose() => set_num_threads(_before);
}

using static TorchSharp.torch;

namespace DeviceId.Tests;

/// <summary>Sets the thread count of libtorch, and of the library's own loops, until disposed; then restores the previous one.</summary>
internal sealed class TorchThreads : IDisposable
{
    private readonly int _before = get_num_threads();

    public TorchThreads(int count) => set_num_threads(count);

    public void Dispose() => set_num_threads(_before);
}

using static TorchSharp.torch;

namespace DeviceId.Tests;

/// <summary>So many threads for libtorch, and for the library's own loops, until this is disposed of: then as many as before.</summary>
internal sealed class TorchThreads : IDisposable
{
    private readonly int _before = get_num_threads();

    public TorchThreads(int count) => set_num_threads(count);

    public void Dispose() => set_num_threads(_before);
}

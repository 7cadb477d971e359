using DeviceId.Foundation;

namespace DeviceId.Tests;

/// <summary>The library's own kernels on, or libtorch alone, until this is disposed of: then as before.</summary>
/// <remarks>For tests of <see cref="TensorCollection"/>.</remarks>
internal sealed class BackendSwitch : IDisposable
{
    private readonly bool _before = ComputeDevice.IsAccelerated;

    public BackendSwitch(bool isAccelerated) => ComputeDevice.IsAccelerated = isAccelerated;

    public void Dispose() => ComputeDevice.IsAccelerated = _before;
}

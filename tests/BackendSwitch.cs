using DeviceId.Foundation;

namespace DeviceId.Tests;

/// <summary>Switches the library's own kernels on or off until disposed; then restores the previous setting.</summary>
/// <remarks>For tests of <see cref="TensorCollection"/>.</remarks>
internal sealed class BackendSwitch : IDisposable
{
    private readonly bool _before = ComputeDevice.IsAccelerated;

    public BackendSwitch(bool isAccelerated) => ComputeDevice.IsAccelerated = isAccelerated;

    public void Dispose() => ComputeDevice.IsAccelerated = _before;
}

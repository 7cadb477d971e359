using DeviceId.Acceleration;

namespace DeviceId.Tests.Acceleration;

/// <summary>
/// Whether linear layers multiply by the library's own product in training, whatever the processor would choose, until it is disposed of.
/// </summary>
internal sealed class GemmChoice : IDisposable
{
    private readonly bool _before = Kernels.MultipliesLinear;

    public GemmChoice(bool byGemm) => Kernels.MultipliesLinear = byGemm;

    public void Dispose() => Kernels.MultipliesLinear = _before;
}

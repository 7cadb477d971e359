using DeviceId.Acceleration;

namespace DeviceId.Tests.Acceleration;

/// <summary>
/// Sets whether linear layers use <see cref="DeviceId.Acceleration.MatrixMultiply.Gemm"/> in training, on any processor; Dispose restores
/// the setting.
/// </summary>
internal sealed class GemmChoice : IDisposable
{
    private readonly bool _before = Kernels.MultipliesLinear;

    public GemmChoice(bool usesGemm) => Kernels.MultipliesLinear = usesGemm;

    public void Dispose() => Kernels.MultipliesLinear = _before;
}

using DeviceId.Acceleration;
using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Tests.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration;

/// <summary>
/// Which tensors are accelerated, and features with and without kernels. <see cref="Mixtures.FrameKernelTests"/> compares E-step and MAP.
/// </summary>
[Collection(TensorCollection.Name)]
public sealed class BackendTests
{
    public BackendTests() => ComputeDevice.Load();

    [Theory]
    [InlineData(true, ScalarType.Float32, true)]
    [InlineData(true, ScalarType.Float64, false)]
    [InlineData(false, ScalarType.Float32, false)]
    public void OnlyFloat32OnTheCpuIsAcceleratedAndNothingWhenSwitchedOff(bool isAccelerated, ScalarType type, bool expected)
    {
        using var backend = new BackendSwitch(isAccelerated);
        using var tensor = zeros(1, type);
        Assert.Equal(expected, Backend.Accelerates(tensor));
        Assert.Equal(expected, Backend.Accelerates(CPU, type));
        // The only device other than the CPU that every machine has.
        using var onMeta = zeros([1], type, META);
        Assert.False(Backend.Accelerates(onMeta));
        Assert.False(Backend.Accelerates(META, type));
    }

    /// <summary>
    /// Frames of even and odd length, filters narrower than a bin, and signals that leave most filters far below the loudest bin.
    /// </summary>
    [Theory]
    [InlineData("spA_16k", 16000)]
    [InlineData("spA_32k", 32000)]
    [InlineData("spA_16k", 11025)]
    [InlineData("spA_16k", 44100)]
    [InlineData("sine_32k", 32000)]
    [InlineData("halfsil_32k", 32000)]
    [InlineData("silence_32k", 32000)]
    public void KernelsAndLibtorchComputeTheSameFeatures(string name, int sampleRate)
    {
        var clip = GoldenFeatures.Clip(name) with { SampleRate = sampleRate };
        using var kernels = Extract(clip, isAccelerated: true);
        using var libtorch = Extract(clip, isAccelerated: false);
        Assert.Equal(ScalarType.Float32, libtorch.dtype);
        // Both transform in double precision; the kernels round magnitudes to single precision (6e-8). docs/mfcc.md allows 1e-4.
        Assert.InRange(TensorGap.MaxDifference(libtorch, kernels), 0, 1e-4);
    }

    private static Tensor Extract(AudioClip clip, bool isAccelerated)
    {
        using var backend = new BackendSwitch(isAccelerated);
        return new Mfcc(MfccOptions.AsWritten, CPU).Extract(clip);
    }
}

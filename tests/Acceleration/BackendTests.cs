using DeviceId.Acceleration;
using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Foundation;
using DeviceId.Tests.Features;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Acceleration;

/// <summary>
/// What goes through the door, and the features both ways. <see cref="Mixtures.FrameKernelTests"/> compares the E-step and the adaptation.
/// </summary>
[Collection(TensorCollection.Name)]
public sealed class BackendTests
{
    public BackendTests() => ComputeDevice.Load();

    [Theory]
    [InlineData(true, ScalarType.Float32, true)]
    [InlineData(true, ScalarType.Float64, false)]
    [InlineData(false, ScalarType.Float32, false)]
    public void OnlyFloat32OnTheCpuIsAcceleratedAndNothingWithTheSwitch(bool isAccelerated, ScalarType type, bool expected)
    {
        using var backend = new BackendSwitch(isAccelerated);
        using var number = zeros(1, type);
        Assert.Equal(expected, Backend.Accelerates(number));
        Assert.Equal(expected, Backend.Accelerates(CPU, type));
        // Every machine has this one that is not the CPU.
        using var elsewhere = zeros([1], type, META);
        Assert.False(Backend.Accelerates(elsewhere));
        Assert.False(Backend.Accelerates(META, type));
    }

    /// <summary>
    /// Frames of even and odd length, filters narrower than a bin, and sounds that leave most filters far below the loudest bin.
    /// </summary>
    [Theory]
    [InlineData("spA_16k", 16000)]
    [InlineData("spA_32k", 32000)]
    [InlineData("spA_16k", 11025)]
    [InlineData("spA_16k", 44100)]
    [InlineData("sine_32k", 32000)]
    [InlineData("halfsil_32k", 32000)]
    [InlineData("silence_32k", 32000)]
    public void FeaturesAreTheSameFromTheKernelsAndFromLibtorch(string name, int sampleRate)
    {
        var clip = GoldenFeatures.Clip(name) with { SampleRate = sampleRate };
        using var ours = Extract(clip, isAccelerated: true);
        using var libtorchs = Extract(clip, isAccelerated: false);
        Assert.Equal(ScalarType.Float32, libtorchs.dtype);
        // Both transform in double precision; the kernels round magnitudes to single (6e-8). 1e-4 is what docs/mfcc.md allows either.
        Assert.InRange(TensorGap.Gap(libtorchs, ours), 0, 1e-4);
    }

    private static Tensor Extract(AudioClip clip, bool isAccelerated)
    {
        using var backend = new BackendSwitch(isAccelerated);
        return new Mfcc(MfccOptions.AsWritten, CPU).Extract(clip);
    }
}

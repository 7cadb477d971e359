using System.Diagnostics;
using DeviceId.Audio;
using DeviceId.Features;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

/// <summary>Extracts a long recording in a separate process, so that other tests do not affect the measured memory.</summary>
[Collection(TensorCollection.Name)]
public sealed class MfccMemoryProcess
{
    internal const string Done = "the memory was measured";

    /// <summary>
    /// Twenty minutes at 32 kHz have 80,000 frames: 12 MB of features, but 300 MB of windowed samples and as much of spectra if all frames
    /// were in memory at once.
    /// </summary>
    [Fact(Explicit = true)]
    public void TwentyMinutesAreExtracted()
    {
        const int Seconds = 1200, Rate = 32000;
        var second = GoldenFeatures.Clip("noise_32k").Samples[..Rate];
        var samples = new float[Seconds * Rate];
        for (var i = 0; i < Seconds; i++)
            second.CopyTo(samples.AsSpan(i * Rate));
        var mfcc = new Mfcc(MfccOptions.AsWritten, CPU);
        mfcc.Extract(GoldenFeatures.Clip("noise_32k")).Dispose();
        using var process = Process.GetCurrentProcess();
        var before = process.PeakWorkingSet64;
        using var features = mfcc.Extract(new AudioClip(samples, Rate));
        process.Refresh();
        var growth = process.PeakWorkingSet64 - before;
        Assert.Equal(79999, features.shape[0]);
        // The features and the blocks of the extraction. Before it, only the 154 MB of samples were large, so that the peak was current.
        Assert.InRange(growth, 12L << 20, 150L << 20);
        Console.WriteLine($"{Done}: {growth >> 20} MB more");
    }
}

using System.Diagnostics;
using DeviceId.Audio;
using DeviceId.Features;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

/// <summary>A long recording in a process of its own: what other tests hold, and when, is no matter here.</summary>
[Collection(TensorCollection.Name)]
public sealed class MfccMemoryProcess
{
    internal const string Done = "the memory was measured";

    /// <summary>
    /// Twenty minutes at 32 kHz are 80,000 frames: 12 MB of features, but 300 MB of windowed samples and as much of spectra, were all
    /// frames held at once.
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
        var more = process.PeakWorkingSet64 - before;
        Assert.Equal(79999, features.shape[0]);
        // The features, and what some frames take at a time. Beside the 154 MB of samples nothing large was made before: the peak was then.
        Assert.InRange(more, 12L << 20, 150L << 20);
        Console.WriteLine($"{Done}: {more >> 20} MB more");
    }
}

using System.Diagnostics;
using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Benchmarks;

/// <summary>Time of each feature for a second of audio at 32 kHz, warm, as the minimum of several rounds over ten seconds.</summary>
internal static class FeatureSpeed
{
    private const int Rate = 32_000;
    private const int Seconds = 10;
    private const int Rounds = 7;

    private static readonly (string Name, FeatureOptions Options)[] Features =
    [
        ("MFCC", MfccOptions.AsWritten), ("LFCC", MfccOptions.Lfcc), ("BFCC", MfccOptions.Bfcc), ("log mel", new LogMelOptions()),
        ("band energy differences", new BandEnergyDifferenceOptions()), ("log spectrum", new LogSpectrumOptions()),
        ("log spectrum, 257 bins", new LogSpectrumOptions { Bins = 257 }),
        ("log spectrum, 1025 bins", new LogSpectrumOptions { Bins = 1025 }),
        ("blind channel", new BlindChannelOptions()), ("constant-Q", new ConstantQOptions()), ("LPCC", new LpccOptions()),
        ("PNCC", new PnccOptions()), ("PNCC, power law only", new PnccOptions { MediumTimeProcessing = false }),
        ("noise residual", new NoiseResidualOptions()), ("entropy of cepstra", new CepstralEntropyOptions()),
        ("wavelet packets", WaveletOptions.Packets), ("wavelets", WaveletOptions.Dyadic),
    ];

    /// <summary>Prints the table.</summary>
    public static void Print()
    {
        var random = new SplitMix64(1);
        var clip = new AudioClip([.. Enumerable.Range(0, Rate * Seconds).Select(_ => (float)(0.1 * random.Normal()))], Rate);
        Console.WriteLine("| feature | columns | ms a second of audio | processor ms | ms for 50 ms of audio |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (name, options) in Features)
        {
            var features = options.Create(CPU);
            var frame = options.FrameMilliseconds > 50 ? options.FrameMilliseconds / 1000 : 0.05;
            var (wall, processor) = Measure(features, clip);
            var (shortest, _) = Measure(features, clip with { Samples = clip.Samples[..(int)(frame * Rate)] });
            Console.WriteLine(FormattableString.Invariant(
                $"| {name} | {options.Dimension} | {wall / Seconds:0.0} | {processor / Seconds:0.0} | {shortest:0.0} |"));
        }
    }

    /// <summary>Milliseconds by the clock and of all processors.</summary>
    private static (double Wall, double Processor) Measure(IFrameFeatures features, AudioClip clip)
    {
        var (wall, processor) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var round = 0; round <= Rounds; round++)
        {
            using var scope = NewDisposeScope();
            var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            features.Extract([clip]);
            // The first round loads and compiles.
            if (round > 0)
                (wall, processor) = (Math.Min(wall, watch.Elapsed.TotalMilliseconds),
                    Math.Min(processor, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds));
        }

        return (wall, processor);
    }
}

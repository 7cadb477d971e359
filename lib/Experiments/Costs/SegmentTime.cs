using DeviceId.Audio;
using DeviceId.Evaluation;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>The time from a segment's samples in memory to its scores.</summary>
internal static class SegmentTime
{
    /// <summary>Median time (ms), after warm-up. Measured on noise: the time does not depend on the signal.</summary>
    /// <param name="system">A trained system.</param>
    /// <param name="sampleRate">Sampling rate of the segment (Hz).</param>
    /// <param name="repeats">Number of timed segments.</param>
    public static double Milliseconds(FittedSystem system, int sampleRate, int repeats = 15)
    {
        var random = new SplitMix64(1);
        var samples = new float[system.FrontEnd.Options.SegmentSamples(sampleRate)];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)random.Uniform(-0.1, 0.1);
        var segment = new AudioClip(samples, sampleRate);
        return Math.Round(Latency.Milliseconds(() => system.Score(segment), repeats), 3);
    }
}

using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Mixtures;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Reporting;

/// <summary>From the workbench's values to what <see cref="Charts"/> draws.</summary>
public static class Plots
{
    private const int WaveformPoints = 2000;

    /// <summary>A clip as a line that keeps every peak: the least and the greatest sample of each of a thousand stretches.</summary>
    public static Series Waveform(string name, AudioClip clip)
    {
        var stretch = Math.Max(1, clip.Samples.Length / (WaveformPoints / 2));
        var (x, y) = (new List<double>(), new List<double>());
        for (var start = 0; start < clip.Samples.Length; start += stretch)
        {
            var part = clip.Samples.AsSpan(start, Math.Min(stretch, clip.Samples.Length - start)).ToArray();
            x.AddRange([start / (double)clip.SampleRate, (start + part.Length / 2.0) / clip.SampleRate]);
            y.AddRange([Math.Round(part.Min(), 4), Math.Round(part.Max(), 4)]);
        }

        return new Series(name, x, y);
    }

    /// <summary>A clip's long-term spectrum above 50 Hz: frequency (Hz), level (dB re full scale).</summary>
    public static Series Spectrum(string name, AudioClip clip)
    {
        var spectrum = LongTermSpectrum.Compute(clip);
        var from = spectrum.Frequencies.Count(f => f < 50);
        return new Series(name, [.. spectrum.Frequencies.Skip(from)],
            [.. spectrum.Levels.Skip(from).Select(level => Math.Round(level, 2))]);
    }

    /// <summary>
    /// Features (frame, coefficient) as a map (coefficient, frame), each coefficient in its own standard deviations: unscaled, c0 would
    /// outshine all.
    /// </summary>
    public static double[][] FeatureMap(Tensor features)
    {
        using var scope = NewDisposeScope();
        var map = features.t().to(ScalarType.Float64).cpu();
        var centred = map - map.mean([1], keepdim: true);
        return Rows((centred / centred.square().mean([1], keepdim: true).sqrt().clamp_min(1e-9)).clamp(-3, 3).contiguous());
    }

    /// <summary>One sample's supervector as a map (coefficient, component).</summary>
    public static double[][] SupervectorMap(DeviceDataset samples, int sample, int components)
    {
        using var scope = NewDisposeScope();
        return Rows(samples.Supervectors[sample].reshape(components, -1).t().to(ScalarType.Float64).contiguous());
    }

    /// <summary>
    /// The log-likelihood of a background model's training, iteration by iteration, one line for each number of components.
    /// </summary>
    public static IReadOnlyList<Series> LogLikelihoods(GmmTraining training)
    {
        var numbered = training.LogLikelihoods.Select((step, i) => (step.Components, Position: i + 1.0, step.LogLikelihood));
        return [.. numbered.GroupBy(step => step.Components)
            .Select(g => new Series($"{g.Key}", [.. g.Select(s => s.Position)], [.. g.Select(s => s.LogLikelihood)]))];
    }

    /// <summary>The loss of each epoch.</summary>
    public static IReadOnlyList<Series> Losses(IReadOnlyList<EpochResult> epochs) =>
        [new Series("loss", [.. epochs.Select(e => (double)e.Epoch)], [.. epochs.Select(e => e.Loss)])];

    private static double[][] Rows(Tensor map) =>
        [.. map.data<double>().Select(value => Math.Round(value, 4)).Chunk((int)map.shape[1])];
}

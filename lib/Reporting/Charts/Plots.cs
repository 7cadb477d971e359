using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Mixtures;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Reporting;

/// <summary>Converts signals, features and training logs to the series and matrices that <see cref="Charts"/> draws.</summary>
public static class Plots
{
    private const int WaveformPoints = 2000;

    /// <summary>A clip's waveform, reduced to the minimum and the maximum of each of a thousand blocks, so that no peak is lost.</summary>
    public static Series Waveform(string name, AudioClip clip)
    {
        var blockLength = Math.Max(1, clip.Samples.Length / (WaveformPoints / 2));
        var (x, y) = (new List<double>(), new List<double>());
        for (var start = 0; start < clip.Samples.Length; start += blockLength)
        {
            var block = clip.Samples.AsSpan(start, Math.Min(blockLength, clip.Samples.Length - start)).ToArray();
            x.AddRange([start / (double)clip.SampleRate, (start + block.Length / 2.0) / clip.SampleRate]);
            y.AddRange([Math.Round(block.Min(), 4), Math.Round(block.Max(), 4)]);
        }

        return new Series(name, x, y);
    }

    /// <summary>A clip's long-term spectrum above 50 Hz: level (dB re full scale) over frequency (Hz).</summary>
    public static Series Spectrum(string name, AudioClip clip)
    {
        var spectrum = LongTermSpectrum.Compute(clip);
        var from = spectrum.Frequencies.Count(f => f < 50);
        return new Series(name, [.. spectrum.Frequencies.Skip(from)],
            [.. spectrum.Levels.Skip(from).Select(level => Math.Round(level, 2))]);
    }

    /// <summary>
    /// Features (frame, coefficient) as a matrix (coefficient, frame), each coefficient divided by its standard deviation: unscaled, c0
    /// would dominate.
    /// </summary>
    public static double[][] FeatureMap(Tensor features)
    {
        using var scope = NewDisposeScope();
        var map = features.t().to(ScalarType.Float64).cpu();
        var centred = map - map.mean([1], keepdim: true);
        return Rows((centred / centred.square().mean([1], keepdim: true).sqrt().clamp_min(1e-9)).clamp(-3, 3).contiguous());
    }

    /// <summary>One sample's supervector as a matrix (coefficient, component).</summary>
    public static double[][] SupervectorMap(DeviceDataset samples, int sample, int components)
    {
        using var scope = NewDisposeScope();
        return Rows(samples.Supervectors[sample].reshape(components, -1).t().to(ScalarType.Float64).contiguous());
    }

    /// <summary>
    /// Log-likelihood per iteration of a background model's training, one line for each number of components.
    /// </summary>
    public static IReadOnlyList<Series> LogLikelihoods(GmmTraining training)
    {
        var numbered = training.LogLikelihoods.Select((step, i) => (step.Components, Position: i + 1.0, step.LogLikelihood));
        return [.. numbered.GroupBy(step => step.Components)
            .Select(g => new Series($"{g.Key}", [.. g.Select(s => s.Position)], [.. g.Select(s => s.LogLikelihood)]))];
    }

    /// <summary>Loss per epoch.</summary>
    public static IReadOnlyList<Series> Losses(IReadOnlyList<EpochResult> epochs) =>
        [new Series("loss", [.. epochs.Select(e => (double)e.Epoch)], [.. epochs.Select(e => e.Loss)])];

    private static double[][] Rows(Tensor map) =>
        [.. map.data<double>().Select(value => Math.Round(value, 4)).Chunk((int)map.shape[1])];
}

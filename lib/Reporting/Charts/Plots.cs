using DeviceId.Audio;
using DeviceId.Features;
using DeviceId.Mixtures;
using DeviceId.Training;

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
}

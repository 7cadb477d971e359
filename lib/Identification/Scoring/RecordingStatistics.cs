using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>
/// Statistics of a recording that do not depend on its device: a model's answers are reliable only within the range of its training
/// recordings.
/// </summary>
/// <param name="SampleRate">Samples per second (Hz).</param>
/// <param name="Seconds">Length (s).</param>
/// <param name="BandHertz">
/// Bandwidth (Hz): the highest frequency with power above the rounding noise. Telephone lines, codecs and resampling lower it.
/// </param>
/// <param name="TrebleDrop">
/// Level of the upper quarter of the band: its median over the frames minus its first percentile (dB). Codecs that remove inaudible
/// components increase it.
/// </param>
/// <param name="Levels">Level, clipping and silence.</param>
/// <param name="LossyKind">
/// Kind of the file if it is lossy ("an MP3 file") or may be ("an MP4 file"); null for other files and for clips in memory.
/// </param>
internal sealed record RecordingStatistics(
    int SampleRate, double Seconds, double BandHertz, double TrebleDrop, RecordingLevels Levels, string? LossyKind = null)
{
    // Rounding to 16 bits makes noise of -98 dB in total, -122 dB in each of 256 bins.
    private const double RoundingDecibels = -117;
    private const double RangeDecibels = 90;
    private const double MinPower = 1e-16;
    private const double FrameSeconds = 0.016;

    // Longer recordings are subsampled: more frames do not change the statistics.
    private const int MaxFrames = 20_000;

    /// <summary>Measures a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clip">The file's samples: at least one, all finite.</param>
    /// <exception cref="ArgumentException">The clip is empty.</exception>
    /// <exception cref="AudioException">The file can no longer be opened.</exception>
    public static RecordingStatistics Measure(string path, AudioClip clip) => Measure(clip) with { LossyKind = FileKind.Lossy(path) };

    /// <summary>Measures a clip.</summary>
    /// <param name="clip">At least one sample, all finite.</param>
    /// <exception cref="ArgumentException">The clip is empty.</exception>
    public static RecordingStatistics Measure(AudioClip clip)
    {
        var levels = RecordingLevels.Measure(clip);
        ComputeDevice.Load();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var power = PowerSpectra(clip);
        var mean = power.mean([0]);
        var floor = Math.Max(Math.Pow(10, RoundingDecibels / 10), mean.max().item<float>() * Math.Pow(10, -RangeDecibels / 10));
        var highestBin = mean.data<float>().ToArray().Select((p, bin) => p > floor ? bin : 0).Max();
        var bandHertz = highestBin * (clip.SampleRate / 2.0) / (power.shape[1] - 1);
        return new RecordingStatistics(clip.SampleRate, clip.DurationSeconds, bandHertz, MeasureTrebleDrop(power, highestBin), levels);
    }

    /// <summary>Power spectra (frame, bin), scaled so that the bins of stationary noise add up to its mean square.</summary>
    private static Tensor PowerSpectra(AudioClip clip)
    {
        var length = Math.Max(4, (int)(FrameSeconds * clip.SampleRate));
        var samples = tensor(clip.Samples, device: CPU).clone();
        if (clip.Samples.Length < length)
            samples = nn.functional.pad(samples, [0, length - clip.Samples.Length]);
        var frames = samples.unfold(0, length, length / 2);
        if (frames.shape[0] > MaxFrames)
            frames = frames.index_select(0, linspace(0, frames.shape[0] - 1, MaxFrames, device: CPU).to(ScalarType.Int64));
        var window = hann_window(length, device: CPU);
        return fft.rfft(frames * window, dim: 1).abs().square().mul(2 / (length * window.square().sum()));
    }

    private static double MeasureTrebleDrop(Tensor power, int highestBin)
    {
        var from = highestBin - (highestBin / 4);
        var treble = power.narrow(1, from, highestBin - from + 1).mean([1]).clamp_min(MinPower).log10().mul(10).sort().Values;
        var frames = treble.shape[0];
        return treble[frames / 2].item<float>() - treble[frames / 100].item<float>();
    }
}

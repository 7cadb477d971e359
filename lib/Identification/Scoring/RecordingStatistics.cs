using DeviceId.Audio;
using DeviceId.Corpora;
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

    /// <summary>Measures a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clip">The file's samples: at least one, all finite.</param>
    /// <exception cref="ArgumentException">The clip is empty.</exception>
    /// <exception cref="AudioException">The file can no longer be opened.</exception>
    public static RecordingStatistics Measure(string path, AudioClip clip) =>
        Measure(clip) with { LossyKind = clip.Info is { } info ? FileKind.Lossy(info) : FileKind.Lossy(path) };

    /// <summary>Measures a clip.</summary>
    /// <param name="clip">At least one sample, all finite.</param>
    /// <exception cref="ArgumentException">The clip is empty.</exception>
    public static RecordingStatistics Measure(AudioClip clip)
    {
        using var meter = new StatisticsMeter(clip.SampleRate);
        meter.Add(clip.Samples);
        return meter.Finish();
    }

    /// <summary>Statistics from the spectra of a recording.</summary>
    /// <param name="sampleRate">Samples per second (Hz).</param>
    /// <param name="seconds">Length (s).</param>
    /// <param name="levels">Its levels.</param>
    /// <param name="power">
    /// Power spectra (frame, bin), scaled so that the bins of stationary noise add up to its mean square; at least one frame.
    /// </param>
    public static RecordingStatistics From(int sampleRate, double seconds, RecordingLevels levels, Tensor power)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var mean = power.mean([0]);
        var floor = Math.Max(Math.Pow(10, RoundingDecibels / 10), mean.max().item<float>() * Math.Pow(10, -RangeDecibels / 10));
        var highestBin = mean.data<float>().ToArray().Select((p, bin) => p > floor ? bin : 0).Max();
        var bandHertz = highestBin * (sampleRate / 2.0) / (power.shape[1] - 1);
        return new RecordingStatistics(sampleRate, seconds, bandHertz, MeasureTrebleDrop(power, highestBin), levels);
    }

    private static double MeasureTrebleDrop(Tensor power, int highestBin)
    {
        var from = highestBin - (highestBin / 4);
        var treble = power.narrow(1, from, highestBin - from + 1).mean([1]).clamp_min(MinPower).log10().mul(10).sort().Values;
        var frames = treble.shape[0];
        return treble[frames / 2].item<float>() - treble[frames / 100].item<float>();
    }
}

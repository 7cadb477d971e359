using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>
/// What a recording is like, apart from who made it: a model can answer for recordings like those that it was trained on.
/// </summary>
/// <param name="SampleRate">Samples per second (Hz).</param>
/// <param name="Seconds">Length (s).</param>
/// <param name="BandHertz">
/// The highest frequency at which there is anything but rounding (Hz): telephone lines, codecs and resampling lower it.
/// </param>
/// <param name="TrebleDrop">
/// How far the upper quarter of that band falls below its median in the quietest hundredth of the frames (dB): codecs that leave out what
/// nobody hears deepen it.
/// </param>
/// <param name="Levels">How loud it is, clipped, silent.</param>
/// <param name="LossyKind">
/// What its file is where that is a kind that is lossy ("an MP3 file") or may be ("an MP4 file"); null for others and for sound in memory.
/// </param>
internal sealed record RecordingStatistics(
    int SampleRate, double Seconds, double BandHertz, double TrebleDrop, RecordingLevels Levels, string? LossyKind = null)
{
    // 16 bits round with a noise of -98 dB in all, -122 dB in each of 256 bins.
    private const double RoundingDecibels = -117;
    private const double RangeDecibels = 90;
    private const double MinPower = 1e-16;
    private const double FrameSeconds = 0.016;

    // An hour has more frames than are needed to know what it is like.
    private const int MaxFrames = 20_000;

    /// <summary>Measures a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clip">What was read from it: at least one sample, all finite.</param>
    /// <exception cref="ArgumentException">The clip is empty.</exception>
    /// <exception cref="AudioException">The file cannot be opened any more.</exception>
    public static RecordingStatistics Measure(string path, AudioClip clip) => Measure(clip) with { LossyKind = FileKind.Lossy(path) };

    /// <summary>Measures a clip.</summary>
    /// <param name="clip">At least one sample, all finite.</param>
    /// <exception cref="ArgumentException">The clip is empty.</exception>
    public static RecordingStatistics Measure(AudioClip clip)
    {
        var levels = RecordingLevels.Measure(clip);
        ComputeDevice.Load();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var power = Spectra(clip);
        var mean = power.mean([0]);
        var floor = Math.Max(Math.Pow(10, RoundingDecibels / 10), mean.max().item<float>() * Math.Pow(10, -RangeDecibels / 10));
        var above = mean.data<float>().ToArray().Select((p, bin) => p > floor ? bin : 0).Max();
        return new RecordingStatistics(clip.SampleRate, clip.DurationSeconds, above * (clip.SampleRate / 2.0) / (power.shape[1] - 1),
            DropOf(power, above), levels);
    }

    /// <summary>(frame, bin): bins of a stationary noise add up to its mean square.</summary>
    private static Tensor Spectra(AudioClip clip)
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

    private static double DropOf(Tensor power, int above)
    {
        var from = above - (above / 4);
        var treble = power.narrow(1, from, above - from + 1).mean([1]).clamp_min(MinPower).log10().mul(10).sort().Values;
        var frames = treble.shape[0];
        return treble[frames / 2].item<float>() - treble[frames / 100].item<float>();
    }
}

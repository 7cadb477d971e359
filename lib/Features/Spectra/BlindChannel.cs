using DeviceId.Audio;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Blind channel response: mean log spectrum of what is quieter than speech, over some seconds around each frame (nats).</summary>
/// <remarks>
/// A reconstruction after the public code of POLIPHONE (arXiv 2410.06221, IEEE Access, 2025):
/// <list type="number">
/// <item>the recording is scaled to a root mean square of 1 and pre-emphasised (0.97);</item>
/// <item>Hamming window of energy E, magnitudes |X| as in <see cref="LogSpectrum"/>; <c>v = ln(1e-9 + |X| / sqrt(E))</c>;</item>
/// <item>mean of v over the frames of the window around each frame, without values above the ceiling; the ceiling where nothing is left.
/// </item>
/// </list>
/// There, windows of 4 s follow each other with an overlap of 20 %; here each frame has its own window, cut off at the recording's ends. A
/// constant gain is lost. The shape of a constant channel is kept below the ceiling; with a ceiling above all levels it adds ln |H| but for
/// a common constant. A row depends on frames up to half the window away.
/// </remarks>
internal sealed class BlindChannel : FrameTransform
{
    /// <summary>Changes whenever the results change.</summary>
    public const int ArithmeticVersion = 1;

    private const double Smallest = 1e-9;

    private readonly LogSpectrum _spectrum;
    private readonly double _ceiling;
    private readonly int _halfWidth;

    /// <param name="options">Settings.</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <param name="device">Device that computes.</param>
    public BlindChannel(BlindChannelOptions options, int sampleRate, Device device) : base(options.Grid(sampleRate))
    {
        _spectrum = new LogSpectrum(Grid, options.Bins, device);
        _ceiling = options.CeilingDecibels * Math.Log(10) / 20;
        _halfWidth = (int)(options.WindowSeconds * sampleRate / Grid.Hop / 2);
    }

    /// <inheritdoc/>
    public override int Width => _spectrum.Width;

    /// <inheritdoc/>
    public override AudioClip Prepare(AudioClip clip)
    {
        var rms = Math.Sqrt(clip.Samples.Sum(sample => (double)sample * sample) / Math.Max(1, clip.Samples.Length));
        return PreEmphasis.Apply(clip, rms > 0 ? 1 / rms : 1);
    }

    /// <summary>Logarithms v (frame, frequency).</summary>
    public override Tensor Compute(Tensor frames) =>
        (_spectrum.Compute(frames) / Math.Sqrt(_spectrum.WindowEnergy) + Smallest).log();

    /// <inheritdoc/>
    public override Tensor Complete(Tensor columns)
    {
        var isQuiet = columns.le(_ceiling).to(ScalarType.Float64);
        var sum = MovingSum.Compute(columns * isQuiet, _halfWidth);
        var count = MovingSum.Compute(isQuiet, _halfWidth);
        return where(count.gt(0), sum / count.clamp_min(1), full_like(sum, _ceiling)).to(ScalarType.Float32);
    }
}

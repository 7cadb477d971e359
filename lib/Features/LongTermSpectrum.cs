using DeviceId.Audio;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>
/// A clip's mean power by frequency: what of a recording stays when the words are averaged away, the phone's response among it.
/// </summary>
/// <remarks>
/// Welch's method (P. D. Welch, IEEE Trans. Audio Electroacoustics 15, 1967): periodic Hann windows, half overlapping, one-sided; samples
/// after the last whole window are left out. Each bin holds <c>mean |X|^2 / (n sum w^2)</c>, twice that where a negative frequency mirrors
/// it, so that the bins of a stationary noise add up to its mean square.
/// 0 dB is the mean square of a full-scale square wave, 1; levels end at -220 dB, which digital silence reads.
/// </remarks>
/// <param name="Frequencies">Of each bin (Hz), from 0 to half the sample rate.</param>
/// <param name="Levels">Of each bin (dB).</param>
internal sealed record LongTermSpectrum(IReadOnlyList<double> Frequencies, IReadOnlyList<double> Levels)
{
    // Far below the quantisation noise of 16 bits: only digital silence comes near.
    private const double MinPower = 1e-22;

    private const int BlockRows = 256;

    /// <summary>Measures a clip.</summary>
    /// <param name="clip">At least one sample; a clip shorter than a window is filled with zeros.</param>
    /// <param name="windowMilliseconds">
    /// Window length (ms), from 1 to 1000: the longer, the finer the frequencies (bins lie 1000 / window Hz apart).
    /// </param>
    /// <exception cref="ArgumentException">The clip is empty, or the window does not suit its sample rate.</exception>
    public static LongTermSpectrum Compute(AudioClip clip, double windowMilliseconds = 16)
    {
        if (clip.Samples.Length == 0)
            throw new ArgumentException("An empty clip has no spectrum.", nameof(clip));
        ComputeDevice.Load();
        var grid = FrameGrid.For(windowMilliseconds, FrameRounding.Nearest, 0.5, clip.SampleRate);
        var filled = clip.Samples.Length >= grid.Length
            ? clip : clip with { Samples = [.. clip.Samples, .. new float[grid.Length - clip.Samples.Length]] };
        var power = MeanPower(filled, grid);
        return new LongTermSpectrum(
            [.. Enumerable.Range(0, power.Length).Select(bin => bin * (double)clip.SampleRate / grid.Length)],
            [.. power.Select(p => 10 * Math.Log10(Math.Max(p, MinPower)))]);
    }

    private static double[] MeanPower(AudioClip clip, FrameGrid grid)
    {
        using var scope = NewDisposeScope();
        var window = hann_window(grid.Length, periodic: true, dtype: ScalarType.Float64, device: CPU);
        var frames = grid.Frames(clip.Samples.Length);
        var sum = zeros(grid.Length / 2 + 1, ScalarType.Float64, CPU);
        foreach (var block in FrameBlock.Plan([frames], grid, BlockRows))
        {
            using var inner = NewDisposeScope();
            var windowed = block.Frames([clip], grid, BlockRows, CPU, ScalarType.Float64) * window;

            // Rows beyond the block's run are zero or straddle its end.
            sum.add_(fft.rfft(windowed.narrow(0, 0, block.Runs[0].Frames), dim: 1).abs().square().sum([0]));
        }

        // All but DC and, with an even length, half the sample rate stand for two frequencies.
        sum.narrow(0, 1, (grid.Length - 1) / 2).mul_(2);
        var power = sum / (window.square().sum() * ((double)grid.Length * frames));
        return power.data<double>().ToArray();
    }
}

using DeviceId.Audio;
using DeviceId.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>
/// Long-term average spectrum of a clip. Averaging removes most of the speech content and leaves, among others, the phone's response.
/// </summary>
/// <remarks>
/// Welch's method (P. D. Welch, IEEE Trans. Audio Electroacoustics 15, 1967): periodic Hann windows, 50 % overlap, one-sided; samples after
/// the last whole window are dropped. Each bin holds <c>mean |X|^2 / (n sum w^2)</c>, doubled if it also represents a negative frequency,
/// so that the bins of stationary noise add up to its mean square.
/// 0 dB is a mean square of 1, that of a full-scale square wave. Levels are limited to at least -220 dB, the level of digital silence.
/// </remarks>
/// <param name="Frequencies">Frequency of each bin (Hz), from 0 to half the sampling rate.</param>
/// <param name="Levels">Level of each bin (dB).</param>
internal sealed record LongTermSpectrum(IReadOnlyList<double> Frequencies, IReadOnlyList<double> Levels)
{
    // Far below the quantisation noise of 16 bits; only digital silence reaches it.
    private const double MinPower = 1e-22;

    private const int BlockRows = 256;

    /// <summary>Computes the spectrum of a clip.</summary>
    /// <param name="clip">At least one sample; a clip shorter than a window is padded with zeros.</param>
    /// <param name="windowMilliseconds">
    /// Window length (ms), from 1 to 1000. The bin spacing is 1000 / length Hz.
    /// </param>
    /// <exception cref="ArgumentException">The clip is empty, or the window is too short or too long at its sampling rate.</exception>
    public static LongTermSpectrum Compute(AudioClip clip, double windowMilliseconds = 16)
    {
        if (clip.Samples.Length == 0)
            throw new ArgumentException("An empty clip has no spectrum.", nameof(clip));
        ComputeDevice.Load();
        var grid = FrameGrid.For(windowMilliseconds, FrameRounding.Nearest, 0.5, clip.SampleRate);
        var padded = clip.Samples.Length >= grid.Length
            ? clip
            : clip with { Samples = [.. clip.Samples, .. new float[grid.Length - clip.Samples.Length]] };
        var power = MeanPower(padded, grid);
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

            // Later rows of the block are zero or straddle the end of the clip.
            sum.add_(fft.rfft(windowed.narrow(0, 0, block.Runs[0].Frames), dim: 1).abs().square().sum([0]));
        }

        // All bins except DC and, for even lengths, Nyquist also represent a negative frequency.
        sum.narrow(0, 1, (grid.Length - 1) / 2).mul_(2);
        var power = sum / (window.square().sum() * ((double)grid.Length * frames));
        return power.data<double>().ToArray();
    }
}

using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>MFCC of the noise residual: what spectral subtraction removes from a recording.</summary>
/// <remarks>
/// After R. Aggarwal et al., "Cellphone identification using noise estimates from recorded audio", ICCSP 2014, whose details are not known:
/// a reconstruction, without a resynthesis of samples.
/// <list type="number">
/// <item>magnitudes |X| as in steps 1 to 3 of docs/mfcc.md;</item>
/// <item>noise power N: minimum over NoiseSeconds of the mean of |X|^2 over 7 frames, for each bin (minimum statistics; R. Martin, IEEE
/// TSAP 9(5), 2001; without its correction of the bias, which step 3 makes up for);</item>
/// <item>gain <c>g^2 = max(1 - a N / |X|^2, 0.01 N / |X|^2)</c>, at most 1, with <c>a = 4 - 0.15 SNR</c> between 1 and 4 by the frame's
/// signal-to-noise ratio in dB (M. Berouti et al., ICASSP 1979);</item>
/// <item>residual magnitudes (1 - g) |X|; steps 4 to 7 of docs/mfcc.md.</item>
/// </list>
/// In pauses the residual is the noise; in speech about a N / 2 |X|. A constant channel is kept, as in MFCC: it changes |X|^2 and N alike.
/// </remarks>
internal sealed class NoiseResidual : FrameTransform
{
    /// <summary>Changes whenever the results change.</summary>
    public const int ArithmeticVersion = 1;

    private const int SmoothedOnEachSide = 3;
    private const double GainFloor = 0.01;

    private readonly NoiseResidualOptions _options;
    private readonly Tensor _window;
    private readonly Tensor _bank;
    private readonly Tensor _cosines;
    private readonly int _halfWidth;

    /// <param name="options">Settings.</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <param name="device">Device that computes.</param>
    public NoiseResidual(NoiseResidualOptions options, int sampleRate, Device device) : base(options.Grid(sampleRate))
    {
        _options = options;
        var tables = new MfccTables(options.Cepstra, sampleRate);
        (_window, _bank, _cosines) = (Table(tables.Window, device), Table(tables.Bank.Weights, device), Table(tables.Cosines, device));
        _halfWidth = (int)(options.NoiseSeconds * sampleRate / Grid.Hop / 2);
    }

    /// <inheritdoc/>
    public override int Width => Grid.Length / 2 + 1;

    /// <summary>Magnitudes (frame, bin).</summary>
    public override Tensor Compute(Tensor frames) => fft.rfft(frames * _window, dim: 1).abs();

    /// <inheritdoc/>
    public override Tensor Complete(Tensor columns)
    {
        var magnitudes = columns.to(ScalarType.Float64);
        var outputs = Residual(magnitudes).mm(_bank.t());
        var peak = magnitudes.narrow(1, 1, (Grid.Length - 1) / 2).amax();
        var cepstra = LogMagnitude.Compute(outputs, peak).mm(_cosines.t()).to(ScalarType.Float32);
        return _options.Deltas ? Deltas.Append(cepstra) : cepstra;
    }

    /// <summary>Steps 2 to 4.</summary>
    private Tensor Residual(Tensor magnitudes)
    {
        using var scope = NewDisposeScope();
        var power = magnitudes.square();
        var noise = Noise(power);
        var tiny = LogMagnitude.SmallestNormal;
        var ratio = 10 * (power.sum([1], keepdim: true).clamp_min(tiny) / noise.sum([1], keepdim: true).clamp_min(tiny)).log10();
        var factor = (4 - 0.15 * ratio).clamp(1, 4);
        var share = noise / power.clamp_min(tiny);
        var gain = maximum(1 - factor * share, GainFloor * share).clamp_max(1).sqrt();
        return ((1 - gain) * magnitudes).MoveToOuterDisposeScope();
    }

    private Tensor Noise(Tensor power)
    {
        var count = MovingSum.Compute(ones_like(power.narrow(1, 0, 1)), SmoothedOnEachSide);
        var smoothed = MovingSum.Compute(power, SmoothedOnEachSide) / count;
        return nn.functional.max_pool1d(-smoothed.t(), 2 * _halfWidth + 1, stride: 1, padding: _halfWidth).neg().t();
    }
}

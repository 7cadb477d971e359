using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Linear prediction cepstral coefficients: the cepstrum of the all-pole spectrum of each frame.</summary>
/// <remarks>
/// B. S. Atal, J. Acoust. Soc. Am. 55(6), 1974.
/// <list type="number">
/// <item>symmetric Hamming window, autocorrelation <c>r[0 .. p]</c>; r[0] is raised by 1e-9 of itself (white noise at -90 dB), so that a
/// pure tone has a solution;</item>
/// <item>Levinson-Durbin: <c>A(z) = 1 - sum of a_k z^-k</c> and the energy E of the residual;</item>
/// <item><c>c_0 = ln E</c>; <c>c_m = a_m + sum over k = 1 .. m - 1 of (k / m) c_k a_(m - k)</c>, with a_j = 0 for j above p: the power
/// series of <c>ln 1 / A(z)</c>;</item>
/// <item>deltas.</item>
/// </list>
/// The unit is nats. Digital silence gives c_0 = -87.3365, the logarithm of the smallest normal float32, and zeros. A constant channel is
/// kept: its cepstrum is added, as far as the order suffices for both. A gain g adds 2 ln g to c_0.
/// </remarks>
internal sealed class Lpcc : FrameTransform
{
    /// <summary>Changes whenever the results change.</summary>
    public const int ArithmeticVersion = 1;

    private const double WhiteNoise = 1e-9;

    private readonly LpccOptions _options;
    private readonly Tensor _window;

    /// <param name="options">Settings.</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <param name="device">Device that computes.</param>
    /// <exception cref="ArgumentException">The order is not below the frame length.</exception>
    public Lpcc(LpccOptions options, int sampleRate, Device device) : base(options.Grid(sampleRate))
    {
        if (options.Order >= Grid.Length)
            throw new ArgumentException(
                $"Linear prediction of order {options.Order} needs longer frames than {Grid.Length} samples at {sampleRate} Hz.");
        _options = options;
        _window = Table(MfccTables.SymmetricHamming(Grid.Length), device);
    }

    /// <inheritdoc/>
    public override int Width => _options.Coefficients;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor frames)
    {
        var (predictor, energy) = LevinsonDurbin(Autocorrelation(frames * _window));
        return cat([energy.log(), Cepstrum(predictor, _options.Coefficients)], 1);
    }

    /// <inheritdoc/>
    public override Tensor Complete(Tensor columns) => _options.Deltas ? Deltas.Append(columns) : columns;

    /// <summary>Autocorrelation at lags 0 to the order: (frame, lag).</summary>
    private Tensor Autocorrelation(Tensor windowed)
    {
        Tensor Lag(int lag) => (windowed.narrow(1, 0, Grid.Length - lag) * windowed.narrow(1, lag, Grid.Length - lag)).sum([1]);
        return stack([.. Enumerable.Range(0, _options.Order + 1).Select(Lag)], 1);
    }

    /// <summary>Predictor a_1 .. a_p (frame, p) and residual energy (frame, 1).</summary>
    private (Tensor Predictor, Tensor Energy) LevinsonDurbin(Tensor correlation)
    {
        var energy = (correlation.narrow(1, 0, 1) * (1 + WhiteNoise)).clamp_min(LogMagnitude.SmallestNormal);
        var predictor = correlation.narrow(1, 0, 0);
        for (var order = 0; order < _options.Order; order++)
        {
            var predicted = (predictor * correlation.narrow(1, 1, order).flip(1)).sum([1], keepdim: true);
            var reflection = (correlation.narrow(1, order + 1, 1) - predicted) / energy;
            predictor = cat([predictor - reflection * predictor.flip(1), reflection], 1);
            energy = (energy * (1 - reflection.square())).clamp_min(LogMagnitude.SmallestNormal);
        }

        return (predictor, energy);
    }

    /// <summary>c_1 and higher: (frame, coefficients - 1).</summary>
    private static Tensor Cepstrum(Tensor predictor, int coefficients)
    {
        var order = (int)predictor.shape[1];
        var cepstrum = predictor.narrow(1, 0, 0);
        var weighted = cepstrum; // k c_k
        for (var m = 1; m < coefficients; m++)
        {
            // Products with a_1 .. a_(m - 1); beyond the order they are zero.
            var used = Math.Min(m - 1, order);
            var next = (weighted.narrow(1, m - 1 - used, used) * predictor.narrow(1, 0, used).flip(1)).sum([1], keepdim: true) / m;
            next = m <= order ? next + predictor.narrow(1, m - 1, 1) : next;
            (cepstrum, weighted) = (cat([cepstrum, next], 1), cat([weighted, next * m], 1));
        }

        return cepstrum;
    }
}

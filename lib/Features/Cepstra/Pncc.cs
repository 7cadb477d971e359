using DeviceId.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Power-normalised cepstral coefficients.</summary>
/// <remarks>
/// C. Kim, R. M. Stern, "Power-normalized cepstral coefficients (PNCC) for robust speech recognition", IEEE/ACM TASLP 24(7), 2016:
/// <list type="number">
/// <item>pre-emphasis 0.97, symmetric Hamming window, power spectrum, gammatone channels (<see cref="GammatoneBank"/>): P;</item>
/// <item>noise suppression with gains over time and channels (<see cref="MediumTimeSuppression"/>): T; switched off, T = P;</item>
/// <item>division by the recursive mean power <c>mu[m] = 0.999 mu[m - 1] + 0.001 mean over channels of T[m]</c>;</item>
/// <item>power law, exponent 1 / 15;</item>
/// <item>orthonormal DCT-II, deltas.</item>
/// </list>
/// The paper starts mu at the mean of a training corpus; here it starts at the recording's mean, so that a constant gain is lost exactly.
/// The shape of a constant channel is kept, not as a sum but as a factor: |H|^(2/15) before the DCT. Noise suppression removes what is
/// stationary. No unit; digital silence gives zeros.
/// </remarks>
internal sealed class Pncc : FrameTransform
{
    /// <summary>Changes whenever the results change.</summary>
    public const int ArithmeticVersion = 1;

    private const double PowerForgetting = 0.999;
    private const double Exponent = 1 / 15.0;

    private readonly PnccOptions _options;
    private readonly Tensor _window;
    private readonly Tensor _bank;
    private readonly Tensor _cosines;

    /// <param name="options">Settings.</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <param name="device">Device that computes.</param>
    /// <exception cref="ArgumentException">The lowest channel does not fit the sampling rate.</exception>
    public Pncc(PnccOptions options, int sampleRate, Device device) : base(options.Grid(sampleRate))
    {
        _options = options;
        _window = Table(MfccTables.SymmetricHamming(Grid.Length), device);
        _bank = Table(new GammatoneBank(options.Channels, Grid.Length, sampleRate, options.LowHertz).Weights, device);
        _cosines = Table(MfccTables.CosineTransform(options.Coefficients, options.Channels), device);
    }

    /// <inheritdoc/>
    public override int Width => _options.Channels;

    /// <inheritdoc/>
    public override AudioClip Prepare(AudioClip clip) => PreEmphasis.Apply(clip);

    /// <summary>Powers P (frame, channel).</summary>
    public override Tensor Compute(Tensor frames) => fft.rfft(frames * _window, dim: 1).abs().square().mm(_bank.t());

    /// <inheritdoc/>
    /// <remarks>
    /// Each frame depends on the one before, so steps 2 to 4 run on the CPU: a few thousand numbers per second of audio.
    /// </remarks>
    public override Tensor Complete(Tensor columns)
    {
        var frames = (int)columns.shape[0];
        var powers = columns.cpu().to(ScalarType.Float64).data<double>().ToArray();
        if (_options.MediumTimeProcessing)
            powers = MediumTimeSuppression.Apply(powers, frames, _options.Channels);
        Normalise(powers, frames);
        using var managed = tensor(powers, [frames, _options.Channels], ScalarType.Float64, CPU);
        var cepstra = managed.to(columns.device).mm(_cosines.t()).to(ScalarType.Float32);
        return _options.Deltas ? Deltas.Append(cepstra) : cepstra;
    }

    /// <summary>Steps 3 and 4, in place.</summary>
    private void Normalise(double[] powers, int frames)
    {
        var mean = powers.Average();
        for (var frame = 0; frame < frames; frame++)
        {
            var row = powers.AsSpan(frame * _options.Channels, _options.Channels);
            var sum = 0.0;
            foreach (var power in row)
                sum += power;
            mean = PowerForgetting * mean + (1 - PowerForgetting) * sum / row.Length;
            foreach (ref var power in row)
                power = mean > 0 ? Math.Pow(power / mean, Exponent) : 0;
        }
    }
}

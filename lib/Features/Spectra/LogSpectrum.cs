using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Log spectrum: ln |X| of a Hamming-windowed frame at Bins frequencies from DC to half the sampling rate (nats).</summary>
/// <remarks>
/// The mean over a recording is the feature of C. Kotropoulos (sketches of spectral features, 2013). The FFT has <c>n = 2 m (Bins - 1)</c>
/// samples, where m is the smallest integer with which a frame fits; the frame is padded with zeros. Column b is
/// <c>ln sqrt(sum over |j| below m of (1 - |j| / m) |X[m b + j]|^2 / m)</c>: bin b itself if m = 1. The floor is that of the MFCC. A
/// constant channel H is kept: it adds ln |H|.
/// </remarks>
internal sealed class LogSpectrum : FrameTransform
{
    /// <summary>Changes whenever the results change.</summary>
    public const int ArithmeticVersion = 1;

    private const int MaxBins = 16385;

    private readonly Tensor _window;
    private readonly int _bins;
    private readonly int _averaged;

    /// <param name="grid">Frame length and hop.</param>
    /// <param name="bins">Number of frequencies.</param>
    /// <param name="device">Device that computes.</param>
    public LogSpectrum(FrameGrid grid, int bins, Device device) : base(grid)
    {
        _bins = bins;
        _averaged = (grid.Length - 1) / (2 * (bins - 1)) + 1;
        var window = MfccTables.SymmetricHamming(grid.Length);
        _window = Table(window, device);
        WindowEnergy = window.Sum(w => w * w);
    }

    /// <summary>Sum of the squared window.</summary>
    public double WindowEnergy { get; }

    /// <inheritdoc/>
    public override int Width => _bins;

    /// <summary>Problems of the setting, one sentence each.</summary>
    public static IEnumerable<string> Problems(int bins) =>
        bins is >= 2 and <= MaxBins ? [] : [$"Bins is {bins}; it must be from 2 to {MaxBins}."];

    /// <summary>Magnitudes (frame, frequency).</summary>
    public override Tensor Compute(Tensor frames)
    {
        var power = fft.rfft(frames * _window, n: 2L * _averaged * (_bins - 1), dim: 1).abs().square();
        return (_averaged == 1 ? power : Average(power)).sqrt();
    }

    /// <inheritdoc/>
    public override Tensor Complete(Tensor columns) => LogMagnitude.Compute(columns);

    /// <summary>Weights neighbouring bins by a triangle and keeps every m-th. The spectrum is symmetric about both ends.</summary>
    private Tensor Average(Tensor power)
    {
        var (m, last) = (_averaged, _averaged * (_bins - 1));
        var mirrored = cat([power.narrow(1, 1, m - 1).flip(1), power, power.narrow(1, last - m + 1, m - 1).flip(1)], 1);
        var sum = zeros_like(power.narrow(1, 0, _bins));
        for (var j = 1 - m; j < m; j++)
            sum.add_(mirrored.slice(1, j + m - 1, j + m + last, m), alpha: (1 - Math.Abs(j) / (double)m) / m);
        return sum;
    }
}

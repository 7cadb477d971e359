using System.Numerics;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Log energies of the bands of a wavelet or wavelet packet transform of each frame (nats), or their DCT.</summary>
/// <remarks>
/// After Ö. Eskidere's wavelet features of voice recorders, 2016, whose wavelet and levels are not known: a reconstruction.
/// <list type="number">
/// <item>periodic Hann window, because the transform takes frames as periodic; zeros up to a multiple of 2^depth;</item>
/// <item>low-pass h and high-pass g of <see cref="Daubechies"/>: <c>low[i] = sum over k of h[k] x[2 i + k]</c>, likewise high, indices
/// modulo the length; halved again as <see cref="WaveletBand.Divide"/> says, to at least 4 values;</item>
/// <item>natural logarithm of the root mean square of a band's values, with the floor of the MFCC (relative to the largest value);</item>
/// <item>orthonormal DCT-II over the bands from low to high, if asked for; deltas.</item>
/// </list>
/// A constant channel H is kept: it adds ln |H| of the band, before the DCT.
/// </remarks>
internal sealed class WaveletEnergies : FrameTransform
{
    /// <summary>Changes whenever the results change.</summary>
    public const int ArithmeticVersion = 1;

    private const int MinValues = 4;

    private readonly WaveletOptions _options;
    private readonly IReadOnlyList<WaveletBand> _bands;
    private readonly HashSet<WaveletBand> _leaves;
    private readonly Tensor _window;
    private readonly Tensor _filters;
    private readonly Tensor? _cosines;
    private readonly int _padded;

    /// <param name="options">Settings.</param>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <param name="device">Device that computes.</param>
    /// <exception cref="ArgumentException">The frames are too short for as many bands.</exception>
    public WaveletEnergies(WaveletOptions options, int sampleRate, Device device) : base(options.Grid(sampleRate))
    {
        var length = Grid.Length;
        _options = options;
        _bands = WaveletBand.Divide(options.Tree, options.Bands, MaxDepth(length), sampleRate);
        _leaves = [.. _bands];
        var unit = 1 << _bands.Max(band => band.Depth);
        _padded = (length + unit - 1) / unit * unit;
        _window = Table(Enumerable.Range(0, length).Select(i => 0.5 - 0.5 * Math.Cos(2 * Math.PI * i / length)).ToArray(), device);
        var lowPass = Daubechies.LowPass(options.VanishingMoments);
        double[] filters = [.. lowPass, .. Daubechies.HighPass(lowPass)];
        _filters = Table(filters, device).view(2, 1, lowPass.Length).DetachFromDisposeScope();
        _cosines = options.Coefficients is { } count ? Table(MfccTables.CosineTransform(count, options.Bands), device) : null;
    }

    /// <inheritdoc/>
    public override int Width => _options.Bands;

    /// <summary>How often a frame can be halved.</summary>
    public static int MaxDepth(int frameLength) => Math.Max(0, BitOperations.Log2((uint)frameLength / MinValues));

    /// <summary>Root mean squares (frame, band).</summary>
    public override Tensor Compute(Tensor frames)
    {
        var padded = nn.functional.pad(frames * _window, [0, _padded - Grid.Length]);
        var levels = new Dictionary<WaveletBand, Tensor>();
        Split(padded, new WaveletBand(0, 0), levels);
        return stack([.. _bands.Select(band => levels[band])], 1);
    }

    /// <inheritdoc/>
    public override Tensor Complete(Tensor columns)
    {
        var logarithms = LogMagnitude.Compute(columns);
        var features = _cosines is null ? logarithms : logarithms.mm(_cosines.t().to(ScalarType.Float32));
        return _options.Deltas ? Deltas.Append(features) : features;
    }

    /// <summary>Values (frame, value) of a band: halves them, or measures them in a leaf.</summary>
    private void Split(Tensor values, WaveletBand band, Dictionary<WaveletBand, Tensor> levels)
    {
        if (_leaves.Contains(band))
        {
            levels[band] = values.square().mean([1]).sqrt();
            return;
        }

        // Periodic extension; a short band may have to be repeated several times.
        var (count, further) = (values.shape[1], _filters.shape[2] - 2);
        var extended = values.repeat(1, (further + count - 1) / count + 1).narrow(1, 0, count + further).unsqueeze(1);
        var halves = nn.functional.conv1d(extended, _filters, stride: 2);
        Split(halves.select(1, band.IsMirrored ? 1 : 0), band.Lower, levels);
        Split(halves.select(1, band.IsMirrored ? 0 : 1), band.Upper, levels);
    }
}

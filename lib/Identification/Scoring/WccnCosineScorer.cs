using DeviceId.Acceleration.Layers;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>
/// Similarity scores of recordings and devices: cosine scoring after within-class covariance normalisation (WCCN).
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>A recording is represented by its mean log-mel spectrum with the level removed: the speech averages out, the phone's frequency
/// response remains.</item>
/// <item>The axes are whitened so that recordings of one device vary equally in all directions (within-class covariance normalisation:
/// A. O. Hatch, S. Kajarekar, A. Stolcke, Interspeech 2006). Because there are few recordings, the covariance is shrunk towards its
/// diagonal.</item>
/// <item>The similarity of a recording and a device's mean is the cosine of the angle between them, seen from the mean of all devices
/// (N. Dehak et al., IEEE TASLP 19(4), 2011).</item>
/// </list>
/// Nothing is trained to discriminate between the known devices, so the scores are also valid for unknown ones (measured in
/// 08-your-recordings).
/// </remarks>
internal sealed class WccnCosineScorer
{
    /// <summary>With fewer devices the angles carry no information.</summary>
    public const int MinDevices = 3;

    // Chosen once on the public recordings with devices held out; between 0.1 and 0.6 the rates differ by one point.
    private const double Shrinkage = 0.3;
    private const double Ridge = 1e-3;

    // Needed if all recordings of each device are copies (nats squared): far below the variance of any two recordings, far above underflow.
    private const double MinVariance = 1e-9;

    // Tested on the public recordings: with all 80 bands the covariance is mostly noise, and only a quarter as many degraded recordings are
    // recognised as distant.
    private const int CoarseBands = 16;

    private readonly Vector<double> _centre;
    private readonly Matrix<double> _whitening;
    private readonly Vector<double>[] _directions;
    private readonly Matrix<double> _coarse;
    private readonly Vector<double>[] _coarseMeans;

    private WccnCosineScorer(Vector<double> centre, Matrix<double> whitening, IReadOnlyList<Vector<double>> spectra)
    {
        (_centre, _whitening) = (centre, whitening);
        Spectra = [.. spectra.Select(s => s.ToArray())];
        _directions = [.. spectra.Select(Direction)];
        _coarse = CoarseWhitening(whitening);
        _coarseMeans = [.. spectra.Select(s => _coarse * s)];
    }

    /// <summary>Mean spectrum of each device (device)(band), in nats relative to its mean over the bands.</summary>
    public IReadOnlyList<double[]> Spectra { get; }

    /// <summary>Fits the whitening and the device means.</summary>
    /// <param name="spectra">Spectra (recording)(band), from <see cref="Spectrum"/>.</param>
    /// <param name="devices">Device index of each recording, 0..count - 1; each occurs at least once.</param>
    /// <param name="count">Number of devices, at least <see cref="MinDevices"/>.</param>
    /// <exception cref="ArgumentException">
    /// There are too few devices, a device has no recording, or no device has two recordings.
    /// </exception>
    public static WccnCosineScorer Fit(IReadOnlyList<double[]> spectra, IReadOnlyList<int> devices, int count)
    {
        var rows = spectra.Zip(devices).ToLookup(pair => pair.Second, pair => Vector<double>.Build.Dense(pair.First));
        if (count < MinDevices || rows.Count != count || spectra.Count == count)
            throw new ArgumentException($"A similarity scorer needs at least {MinDevices} devices, a recording of each, and a second "
                + $"recording of at least one; there are {spectra.Count} recordings of {rows.Count} of {count} devices.");
        var means = Enumerable.Range(0, count).Select(device => Mean([.. rows[device]])).ToList();
        var scatter = Matrix<double>.Build.Dense(means[0].Count, means[0].Count);
        foreach (var device in rows)
            foreach (var row in device)
            {
                var deviation = row - means[device.Key];
                scatter += deviation.OuterProduct(deviation);
            }

        var covariance = Shrink(scatter / (spectra.Count - count));
        return new WccnCosineScorer(Mean(means), covariance.Cholesky().Factor.Inverse(), means);
    }

    /// <summary>Similarity scores of a recording and each device.</summary>
    /// <param name="spectrum">Spectrum (band) from <see cref="Spectrum"/>.</param>
    /// <returns>Cosines (device), in [-1, 1].</returns>
    public double[] Similarities(double[] spectrum)
    {
        var direction = Direction(Vector<double>.Build.Dense(spectrum));
        return Array.ConvertAll(_directions, d => Math.Clamp(d.DotProduct(direction), -1, 1));
    }

    /// <summary>
    /// Mahalanobis distance of a recording from the nearest device, as root mean square over coarse bands, in standard deviations of
    /// recordings of one device.
    /// </summary>
    /// <param name="spectrum">Spectrum (band) from <see cref="Spectrum"/>.</param>
    /// <returns>About 1 for a recording like the training recordings; large for noise, codecs and rooms.</returns>
    public double Distance(double[] spectrum)
    {
        var whitened = _coarse * Vector<double>.Build.Dense(spectrum);
        return _coarseMeans.Min(mean => (whitened - mean).L2Norm()) / Math.Sqrt(_coarse.RowCount);
    }

    /// <summary>Mean log spectrum of a recording, with the level removed.</summary>
    /// <param name="frames">Log spectra (frame, band); frames of digital silence are ignored.</param>
    /// <returns>Spectrum (band); zeros for a silent recording.</returns>
    public static double[] Spectrum(Tensor frames)
    {
        var sum = new LogSpectrumSum((int)frames.shape[1]);
        sum.Add(frames);
        return sum.Spectrum();
    }

    /// <summary>The tensors stored in a model file.</summary>
    internal IReadOnlyList<(string Name, Tensor Tensor)> State() =>
    [
        ("centre", tensor(_centre.ToArray(), device: CPU)),
        ("whitening", tensor(_whitening.ToArray(), device: CPU)),
        ("spectra", tensor(Matrix<double>.Build.DenseOfRowArrays(Spectra).ToArray(), device: CPU)),
    ];

    /// <summary>Restores a scorer from its <see cref="State"/>.</summary>
    /// <exception cref="ArgumentException">A tensor is missing, unexpected, of the wrong shape, or not finite.</exception>
    internal static WccnCosineScorer Restore(IReadOnlyList<(string Name, Tensor Tensor)> state, int devices, int bands)
    {
        var remaining = state.ToDictionary(s => s.Name, s => s.Tensor);
        double[] Values(string name, params long[] shape) =>
            remaining.Remove(name, out var t) && t.dtype == ScalarType.Float64 && t.shape.SequenceEqual(shape)
                && t.data<double>().ToArray() is var values && values.All(double.IsFinite)
                ? values : throw new ArgumentException(
                    $"tensor '{name}' is missing, not finite, or not of shape ({string.Join(", ", shape)})");
        var (centre, whitening, spectra) = (Values("centre", bands), Values("whitening", bands, bands), Values("spectra", devices, bands));
        return remaining.Count == 0
            ? new WccnCosineScorer(Vector<double>.Build.Dense(centre), Matrix<double>.Build.DenseOfRowMajor(bands, bands, whitening),
                [.. spectra.Chunk(bands).Select(row => Vector<double>.Build.Dense(row))])
            : throw new ArgumentException($"a similarity scorer has no tensor '{remaining.Keys.First()}'");
    }

    /// <summary>
    /// Averages neighbouring bands and whitens the result: chol(P S P')^-1 P, with S the within-device covariance and P the averaging
    /// matrix (coarse band, band).
    /// </summary>
    private static Matrix<double> CoarseWhitening(Matrix<double> whitening)
    {
        var (bands, factor) = (whitening.ColumnCount, whitening.Inverse());
        var coarse = Math.Min(CoarseBands, bands);
        var pool = Matrix<double>.Build.Dense(coarse, bands);
        for (var band = 0; band < bands; band++)
            pool[band * coarse / bands, band] = 1;
        pool = pool.NormalizeRows(1);
        return (pool * factor * factor.Transpose() * pool.Transpose()).Cholesky().Factor.Inverse() * pool;
    }

    /// <summary>A covariance (band, band) shrunk towards its diagonal, with a ridge that keeps it positive definite.</summary>
    private static Matrix<double> Shrink(Matrix<double> covariance)
    {
        var diagonal = Matrix<double>.Build.DiagonalOfDiagonalVector(covariance.Diagonal() * Shrinkage);
        var ridge = Math.Max(Ridge * covariance.Trace() / covariance.RowCount, MinVariance);
        return (covariance * (1 - Shrinkage)) + diagonal + Matrix<double>.Build.DiagonalIdentity(covariance.RowCount) * ridge;
    }

    private Vector<double> Direction(Vector<double> spectrum)
    {
        var direction = _whitening * (spectrum - _centre);
        var length = direction.L2Norm();
        return length > 0 ? direction / length : direction;
    }

    private static Vector<double> Mean(IReadOnlyList<Vector<double>> rows) => rows.Aggregate((sum, row) => sum + row) / rows.Count;
}

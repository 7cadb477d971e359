using DeviceId.Acceleration.Layers;
using MathNet.Numerics.LinearAlgebra;
using static TorchSharp.torch;

namespace DeviceId.Identification;

/// <summary>
/// Recordings as directions: how much alike a recording and a device are, of devices too that nobody has recorded before.
/// </summary>
/// <remarks>
/// 1 a recording is its mean logarithmic mel spectrum without its level: the words average away, the phone's response stays;
/// 2 the axes are scaled so that recordings of one device differ equally in all directions (within-class covariance normalisation: A. O.
/// Hatch, S. Kajarekar, A. Stolcke, Interspeech 2006), the covariance drawn towards its diagonal because there are few recordings;
/// 3 the likeness of a recording and a device's mean is the cosine of their angle around the mean of all devices (N. Dehak et al., IEEE
/// TASLP 19(4), 2011). Nothing here is learnt to tell the known devices apart, which is why it also holds for unknown ones (measured in
/// 08-your-recordings).
/// </remarks>
internal sealed class WccnCosineScorer
{
    /// <summary>Fewer devices span no space in which an angle says anything.</summary>
    public const int MinDevices = 3;

    // Chosen once on the public recordings, devices left out; from 0.1 to 0.6 the rates differ by one point.
    private const double Shrinkage = 0.3;
    private const double Ridge = 1e-3;

    // Where recordings of one device do not differ at all, being copies: far below what any two recordings differ by (nats squared), and
    // far from underflow.
    private const double MinVariance = 1e-9;

    // Tried on the public recordings: with all 80 bands, most of them noise of the covariance, a quarter as many degraded recordings are
    // far off.
    private const int CoarseBands = 16;

    // Frames that are the same in every band are digital silence.
    private const float SilentRange = 1e-3f;

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
        _coarse = Coarse(whitening);
        _coarseMeans = [.. spectra.Select(s => _coarse * s)];
    }

    /// <summary>Mean spectrum of each device (device)(band), nats around the recording's own mean.</summary>
    public IReadOnlyList<double[]> Spectra { get; }

    /// <summary>Learns the space.</summary>
    /// <param name="spectra">Of each recording, from <see cref="Spectrum"/>.</param>
    /// <param name="devices">For each recording its device, 0..count - 1; each at least once.</param>
    /// <param name="count">Devices, at least <see cref="MinDevices"/>.</param>
    /// <exception cref="ArgumentException">There are too few devices, one has no recording, or no device has two.</exception>
    public static WccnCosineScorer Fit(IReadOnlyList<double[]> spectra, IReadOnlyList<int> devices, int count)
    {
        var rows = spectra.Zip(devices).ToLookup(pair => pair.Second, pair => Vector<double>.Build.Dense(pair.First));
        if (count < MinDevices || rows.Count != count || spectra.Count == count)
            throw new ArgumentException($"A space of devices needs {MinDevices} of them, with a recording each and two of one at least; there are {spectra.Count} recordings of {rows.Count} of {count} devices.");
        var means = Enumerable.Range(0, count).Select(device => Mean([.. rows[device]])).ToList();
        var within = Matrix<double>.Build.Dense(means[0].Count, means[0].Count);
        foreach (var device in rows)
            foreach (var row in device)
            {
                var apart = row - means[device.Key];
                within += apart.OuterProduct(apart);
            }

        within /= spectra.Count - count;
        var diagonal = Matrix<double>.Build.DiagonalOfDiagonalVector(within.Diagonal() * Shrinkage);
        var level = Math.Max(Ridge * within.Trace() / within.RowCount, MinVariance);
        within = (within * (1 - Shrinkage)) + diagonal + Matrix<double>.Build.DiagonalIdentity(within.RowCount) * level;
        return new WccnCosineScorer(Mean(means), within.Cholesky().Factor.Inverse(), means);
    }

    /// <summary>How alike a recording and each device are.</summary>
    /// <param name="spectrum">From <see cref="Spectrum"/>.</param>
    /// <returns>For each device the cosine, in [-1, 1].</returns>
    public double[] Similarities(double[] spectrum)
    {
        var direction = Direction(Vector<double>.Build.Dense(spectrum));
        return Array.ConvertAll(_directions, d => Math.Clamp(d.DotProduct(direction), -1, 1));
    }

    /// <summary>
    /// How far a recording lies from the device that is nearest (Mahalanobis, root mean square over the bands, of which neighbours are put
    /// together), in the deviations that recordings of one device have among themselves.
    /// </summary>
    /// <param name="spectrum">From <see cref="Spectrum"/>.</param>
    /// <returns>About 1 for a recording like those of the training; noise, codecs and rooms put it far from every device.</returns>
    public double Distance(double[] spectrum)
    {
        var whitened = _coarse * Vector<double>.Build.Dense(spectrum);
        return _coarseMeans.Min(mean => (whitened - mean).L2Norm()) / Math.Sqrt(_coarse.RowCount);
    }

    /// <summary>The mean logarithmic spectrum of a recording without its level.</summary>
    /// <param name="frames">(frame, band), logarithms; frames of digital silence do not count.</param>
    /// <returns>For each band; zeros for a recording without sound.</returns>
    public static double[] Spectrum(Tensor frames)
    {
        using var scope = NewDisposeScope();
        var sounding = frames.shape[0] == 0 ? frames : frames[(frames.amax([1]) - frames.amin([1])) > SilentRange];
        if (sounding.shape[0] == 0)
            return new double[frames.shape[1]];
        var mean = sounding.to(ScalarType.Float64).mean([0]);
        return (mean - mean.mean()).cpu().data<double>().ToArray();
    }

    /// <summary>What is kept in a file.</summary>
    internal IReadOnlyList<(string Name, Tensor Tensor)> State() =>
    [
        ("centre", tensor(_centre.ToArray(), device: CPU)),
        ("whitening", tensor(_whitening.ToArray(), device: CPU)),
        ("spectra", tensor(Matrix<double>.Build.DenseOfRowArrays(Spectra).ToArray(), device: CPU)),
    ];

    /// <summary>The space that <see cref="State"/> came from.</summary>
    /// <exception cref="ArgumentException">Something is missing, superfluous, or of the wrong shape.</exception>
    internal static WccnCosineScorer Restore(IReadOnlyList<(string Name, Tensor Tensor)> state, int devices, int bands)
    {
        var found = state.ToDictionary(s => s.Name, s => s.Tensor);
        double[] Values(string name, params long[] shape) =>
            found.Remove(name, out var t) && t.dtype == ScalarType.Float64 && t.shape.SequenceEqual(shape)
                && t.data<double>().ToArray() is var values && values.All(double.IsFinite)
                ? values : throw new ArgumentException(
                    $"'{name}' is missing or has not the shape ({string.Join(", ", shape)}) and finite values.");
        var (centre, whitening, spectra) = (Values("centre", bands), Values("whitening", bands, bands), Values("spectra", devices, bands));
        return found.Count == 0
            ? new WccnCosineScorer(Vector<double>.Build.Dense(centre), Matrix<double>.Build.DenseOfRowMajor(bands, bands, whitening),
                [.. spectra.Chunk(bands).Select(row => Vector<double>.Build.Dense(row))])
            : throw new ArgumentException($"'{found.Keys.First()}' is of no use to a space of devices.");
    }

    /// <summary>
    /// Puts neighbouring bands together and whitens what comes out: with S the covariance of one device's recordings and P the mean of
    /// neighbours, the inverse of the Cholesky factor of P S P', times P.
    /// </summary>
    private static Matrix<double> Coarse(Matrix<double> whitening)
    {
        var (bands, factor) = (whitening.ColumnCount, whitening.Inverse());
        var coarse = Math.Min(CoarseBands, bands);
        var pool = Matrix<double>.Build.Dense(coarse, bands);
        for (var band = 0; band < bands; band++)
            pool[band * coarse / bands, band] = 1;
        pool = pool.NormalizeRows(1);
        return (pool * factor * factor.Transpose() * pool.Transpose()).Cholesky().Factor.Inverse() * pool;
    }

    private Vector<double> Direction(Vector<double> spectrum)
    {
        var direction = _whitening * (spectrum - _centre);
        var length = direction.L2Norm();
        return length > 0 ? direction / length : direction;
    }

    private static Vector<double> Mean(IReadOnlyList<Vector<double>> rows) => rows.Aggregate((sum, row) => sum + row) / rows.Count;
}

using DeviceId.Corpora;
using DeviceId.Data;
using static TorchSharp.torch;

namespace DeviceId.Reporting;

/// <summary>
/// Recordings as points: the two directions in which their mean supervectors differ most (principal components), coloured by brand.
/// </summary>
internal static class SupervectorPlaneChart
{
    private const int HeightPixels = 380;

    public static Figure Draw(string title, IReadOnlyList<(string Name, DeviceDataset Samples)> parts) =>
        new(title, [.. parts.Select(part => Draw(part.Name, part.Samples))], HeightPixels) { Columns = parts.Count };

    private static Panel Draw(string name, DeviceDataset samples)
    {
        var (points, shares) = Project(samples);
        var brands = samples.Recordings.Select(r => DeviceName.Parse(r.Device).Brand).ToList();
        var marks = brands.Distinct().Order(StringComparer.OrdinalIgnoreCase).Select((brand, i) =>
        {
            int[] own = [.. Enumerable.Range(0, brands.Count).Where(recording => brands[recording] == brand)];
            return (Mark)new PointsMark([.. own.Select(r => points[r].X)], [.. own.Select(r => points[r].Y)])
            {
                Name = brand, InLegend = true, Size = 7, Colour = ChartColours.Line(i), Symbol = (Symbol)(i % (int)Symbol.None),
                Remarks = [.. own.Select(r => samples.Recordings[r].Device)],
            };
        });
        Axis Direction(int i) => new(FormattableString.Invariant($"component {i + 1} ({100 * shares[i]:0} % of the variance)"));
        return new Panel(Direction(0), Direction(1), [.. marks]) { Title = name };
    }

    /// <summary>
    /// Coordinates of each recording along the two first principal components, and their shares of the variance. Of the scalar products of
    /// n recordings, an n x n matrix, the eigenvectors are the coordinates up to the root of the eigenvalue; n is far smaller than the
    /// supervector is long.
    /// </summary>
    internal static (IReadOnlyList<(double X, double Y)> Points, double[] Shares) Project(DeviceDataset samples)
    {
        using var scope = NewDisposeScope();
        var count = samples.Recordings.Count;
        var sums = zeros([count, samples.Supervectors.shape[1]], ScalarType.Float64, CPU);
        using var recordings = tensor(samples.RecordingOf.Select(recording => (long)recording).ToArray(), device: CPU);
        sums.index_add_(0, recordings, samples.Supervectors.to(ScalarType.Float64, CPU), 1);
        var means = sums / bincount(recordings, minlength: count).clamp_min(1).unsqueeze(1);
        var centred = means - means.mean([0], keepdim: true);
        var (values, vectors) = linalg.eigh(centred.mm(centred.t()));
        var variances = values.clamp_min(0);
        var coordinates = vectors * variances.sqrt();
        double[] Column(long fromEnd) => coordinates.narrow(1, count - fromEnd, 1).contiguous().data<double>().ToArray();
        var shares = (variances / variances.sum()).data<double>().ToArray();
        return ([.. Column(1).Zip(Column(2), (x, y) => (Math.Round(x, 4), Math.Round(y, 4)))], [shares[^1], shares[^2]]);
    }
}

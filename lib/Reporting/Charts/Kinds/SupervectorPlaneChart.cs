using DeviceId.Corpora;
using DeviceId.Data;
using static TorchSharp.torch;

namespace DeviceId.Reporting;

/// <summary>
/// Recordings as points: the two directions in which their mean supervectors differ most (principal components). The colour is the
/// brand, the shape the sentence.
/// </summary>
internal static class SupervectorPlaneChart
{
    private const int HeightPixels = 380;

    /// <summary>More colours than this cannot be told apart; brands with the fewest recordings share the last.</summary>
    private const int MaxColours = 7;
    private const string Others = "other brands";

    public static Figure Draw(string title, IReadOnlyList<(string Name, DeviceDataset Samples)> parts) =>
        new(title, [.. parts.Select(part => Draw(part.Name, part.Samples))], HeightPixels) { Columns = parts.Count };

    private static Panel Draw(string name, DeviceDataset samples)
    {
        var (points, shares) = Project(samples);
        var brands = Brands(samples.Recordings);
        var sentences = samples.Recordings.Select(r => r.Sentence).Distinct().Order(StringComparer.Ordinal).ToList();
        var legend = brands.Distinct().Order(StringComparer.OrdinalIgnoreCase).OrderBy(brand => brand == Others).ToList();
        var groups = Enumerable.Range(0, brands.Count)
            .GroupBy(i => (Brand: legend.IndexOf(brands[i]), Sentence: sentences.IndexOf(samples.Recordings[i].Sentence)))
            .OrderBy(group => group.Key.Brand).ThenBy(group => group.Key.Sentence);
        var marks = groups.Select(group => (Mark)new PointsMark([.. group.Select(i => points[i].X)], [.. group.Select(i => points[i].Y)])
        {
            Name = legend[group.Key.Brand], InLegend = true, Size = 7, Colour = ChartColours.Line(group.Key.Brand),
            Symbol = (Symbol)(group.Key.Sentence % (int)Symbol.None),
            Remarks = [.. group.Select(i => $"{samples.Recordings[i].Device}, sentence {samples.Recordings[i].Sentence}")],
        });
        Axis Direction(int i) => new(FormattableString.Invariant($"component {i + 1} ({100 * shares[i]:0} % of the variance)"));
        return new Panel(Direction(0), Direction(1), [.. marks]) { Title = name };
    }

    private static List<string> Brands(IReadOnlyList<Recording> recordings)
    {
        var brands = recordings.Select(recording => DeviceName.Parse(recording.Device).Brand).ToList();
        var byCount = brands.CountBy(brand => brand).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key).ToList();
        return byCount.Count <= MaxColours ? brands
            : [.. brands.Select(brand => byCount.IndexOf(brand) < MaxColours - 1 ? brand : Others)];
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

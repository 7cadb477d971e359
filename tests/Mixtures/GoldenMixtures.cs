using System.Globalization;
using System.IO.Compression;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Mixtures;

/// <summary>The golden mixtures, computed by reference.py of the golden material; the frames are gzipped CSV.</summary>
internal static class GoldenMixtures
{
    public static Tensor ReadCsv(params string[] parts)
    {
        ComputeDevice.Load();
        var path = TestPaths.Golden(parts);
        using Stream file = File.OpenRead(path);
        using var stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        var rows = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#')
            .Select(l => l.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        using var flat = tensor(rows.SelectMany(r => r).ToArray());
        return flat.view(rows.Length, rows[0].Length).clone();
    }

    public static List<Tensor> Pool() => Enumerable.Range(0, 12).Select(i => ReadCsv("ubm", "pool", $"s{i:00}_16k.csv.gz")).ToList();

    public static DiagonalGmm Model(string name) =>
        new(ReadCsv("ubm", name + ".weights.csv").flatten(), ReadCsv("ubm", name + ".means.csv"), ReadCsv("ubm", name + ".variances.csv"));

    public static double MaxDifference(Tensor a, Tensor b) =>
        (a.to(ScalarType.Float64) - b.to(ScalarType.Float64)).abs().max().item<double>();
}

using System.Globalization;
using System.IO.Compression;
using DeviceId.Foundation;
using DeviceId.Mixtures;
using static TorchSharp.torch;

namespace DeviceId.Tests.Mixtures;

/// <summary>The golden mixtures: made by reference.py of the golden material; the pool is gzipped as it was printed.</summary>
internal static class GoldenMixtures
{
    public static Tensor Csv(params string[] parts)
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

    public static List<Tensor> Pool() => Enumerable.Range(0, 12).Select(i => Csv("ubm", "pool", $"s{i:00}_16k.csv.gz")).ToList();

    public static DiagonalGmm Model(string name) =>
        new(Csv("ubm", name + ".weights.csv").flatten(), Csv("ubm", name + ".means.csv"), Csv("ubm", name + ".variances.csv"));

    public static double Gap(Tensor a, Tensor b) => (a.to(ScalarType.Float64) - b.to(ScalarType.Float64)).abs().max().item<double>();
}

using System.Buffers.Binary;
using System.Globalization;
using DeviceId.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace DeviceId.Tests.Features;

/// <summary>The committed recordings and their reference values from VOICEBOX.</summary>
internal static class GoldenFeatures
{
    /// <summary>
    /// Reads the files of Golden/wav, which have a 44-byte header, without the library's reader, so that the tests are independent of it.
    /// </summary>
    public static AudioClip Clip(string name)
    {
        var bytes = File.ReadAllBytes(TestPaths.Golden("wav", name + ".wav"));
        var samples = new float[(bytes.Length - 44) / 2];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(44 + 2 * i)) / 32768f;
        return new AudioClip(samples, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(24)));
    }

    /// <summary>A CSV of numbers, row by row.</summary>
    public static double[][] Csv(params string[] parts) =>
        [.. File.ReadLines(TestPaths.Golden(parts))
            .Select(line => line.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray())];

    /// <summary>The largest absolute difference; shapes must agree.</summary>
    public static double LargestDifference(double[][] expected, Tensor actual)
    {
        Assert.Equal([expected.Length, 39], actual.shape);
        var flat = Values(actual);
        return flat.Zip(expected.SelectMany(row => row), (a, e) => double.IsNaN(a - e) ? double.PositiveInfinity : Math.Abs(a - e))
            .DefaultIfEmpty(0).Max();
    }

    /// <summary>All values in row-major order, as double.</summary>
    public static double[] Values(Tensor matrix)
    {
        // TorchSharp's ToArray throws on an empty tensor.
        if (matrix.numel() == 0)
            return [];
        using var wide = matrix.cpu().to(ScalarType.Float64).contiguous();
        return wide.data<double>().ToArray();
    }
}

using System.Security.Cryptography;
using System.Text;
using DeviceId.Features;

namespace DeviceId.Fuzz;

/// <summary>
/// Cached features. The correct checksum is appended to every input: without it, no input would pass the first comparison.
/// </summary>
internal sealed class FeaturesTarget() : FuzzTarget("features")
{
    private const string Identity = "fuzz";

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (var (rows, columns) in new[] { (2, 3), (0, 39), (1, 1) })
        {
            var path = Path.Combine(Scratch.Folder, "seed.npy");
            NpyFile.Write(path, Identity, new float[rows * columns], rows, columns);
            yield return File.ReadAllBytes(path)[..^SHA256.HashSizeInBytes];
        }
    }

    protected override void Read(byte[] input)
    {
        byte[] signed = [.. input, .. SHA256.HashData([.. input, .. Encoding.UTF8.GetBytes(Identity)])];
        WithFile("entry.npy", signed, path =>
        {
            if (NpyFile.TryRead(path, Identity) is { } features)
                Require(features.Rows >= 0 && features.Columns >= 0 && features.Values.LongLength == (long)features.Rows * features.Columns
                    && 4L * features.Values.Length <= input.Length, $"{input.Length} bytes became {features.Rows} x {features.Columns}");
        });
        WithFile("entry.npy", input, path =>
            Require(
                NpyFile.TryRead(path, Identity) is null
                || input.AsSpan().EndsWith(SHA256.HashData([.. input[..^SHA256.HashSizeInBytes], .. Encoding.UTF8.GetBytes(Identity)])),
                "an entry without its checksum was accepted"));
    }
}

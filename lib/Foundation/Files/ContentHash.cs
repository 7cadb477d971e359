using System.Security.Cryptography;
using System.Text;

namespace DeviceId.Foundation;

/// <summary>SHA-256 as lower-case hexadecimal: names cache entries and fingerprints corpora.</summary>
public static class ContentHash
{
    /// <summary>Hash of a file's bytes (64 hexadecimal digits).</summary>
    public static string HashFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16,
            FileOptions.SequentialScan);
        return Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant();
    }

    /// <summary>Hash of a text in UTF-8 (64 hexadecimal digits).</summary>
    public static string HashText(string text) => HashBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>Hash of bytes (64 hexadecimal digits).</summary>
    public static string HashBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();
}

using System.Security.Cryptography;
using System.Text;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>Signs the four JSON parts of a message and verifies signatures (Jupyter's wire protocol, HMAC-SHA256).</summary>
internal sealed class MessageSigner(string key)
{
    public const string Scheme = "hmac-sha256";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    /// <summary>The signature as Jupyter writes it: 64 lower-case hexadecimal digits.</summary>
    public byte[] Sign(ReadOnlySpan<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in parts)
            hash.AppendData(part);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Verifies a signature in constant time.</summary>
    public bool Verify(ReadOnlySpan<byte[]> parts, ReadOnlySpan<byte> signature) =>
        CryptographicOperations.FixedTimeEquals(Sign(parts), signature);
}

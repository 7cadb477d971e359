using System.Security.Cryptography;
using System.Text;

namespace DeviceId.Notebooks.Jupyter;

/// <summary>Signs the four JSON parts of a message and checks such signatures (Jupyter's wire protocol, HMAC with SHA-256).</summary>
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

    /// <summary>Takes the same time whether the first or the last digit is wrong.</summary>
    public bool Verify(ReadOnlySpan<byte[]> parts, ReadOnlySpan<byte> signature) =>
        CryptographicOperations.FixedTimeEquals(Sign(parts), signature);
}

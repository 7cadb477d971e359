using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeviceId.Fuzz;

/// <summary>
/// A model file in the form that the fuzzer changes: a line with the description, a line with tensor names, types and shapes (both JSON),
/// then the tensors' bytes.
/// </summary>
/// <remarks>Header, lengths and checksum are added when the file is built: otherwise the checksum would stop every changed file.</remarks>
internal static class ModelInput
{
    private static ReadOnlySpan<byte> Magic => "DIDTENS1"u8;

    /// <summary>Converts a file of the library into the fuzzer's form.</summary>
    public static byte[] FromFile(string path)
    {
        var file = File.ReadAllBytes(path);
        var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(Magic.Length));
        var start = Magic.Length + 4;
        var header = JsonNode.Parse(file.AsSpan(start, length))!;
        return [.. Encoding.UTF8.GetBytes((string)header["about"]! + "\n" + header["tensors"]!.ToJsonString() + "\n"),
            .. file[(start + length)..^SHA256.HashSizeInBytes]];
    }

    /// <summary>Builds the model file of an input.</summary>
    /// <param name="kind">The kind in the header.</param>
    /// <param name="input">The two lines, and all or the first of the tensors' bytes.</param>
    /// <param name="tensorBytes">Bytes of all tensors; those after the input's are taken from here.</param>
    public static byte[] ToFile(string kind, ReadOnlySpan<byte> input, byte[]? tensorBytes = null)
    {
        var about = TakeLine(ref input);
        var tensors = TakeLine(ref input);
        var (kindJson, aboutJson) = (JsonSerializer.Serialize(kind), JsonSerializer.Serialize(Encoding.UTF8.GetString(about)));
        byte[] header =
        [
            .. Encoding.UTF8.GetBytes($"{{\"kind\":{kindJson},\"about\":{aboutJson},\"tensors\":"), .. tensors, (byte)'}',
        ];
        return Signed([.. Magic, .. BitConverter.GetBytes(header.Length), .. header, .. input,
            .. tensorBytes.AsSpan(Math.Min(input.Length, tensorBytes?.Length ?? 0))]);
    }

    /// <summary>Appends the checksum.</summary>
    public static byte[] Signed(byte[] file) => [.. file, .. SHA256.HashData(file)];

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line;
    }
}

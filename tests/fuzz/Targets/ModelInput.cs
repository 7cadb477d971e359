using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeviceId.Fuzz;

/// <summary>
/// A model file as the fuzzer changes it: a line of description, a line of tensor names, types and shapes (JSON both), then the tensors'
/// bytes.
/// </summary>
/// <remarks>
/// Header, lengths and checksum are built around it, for a random change of the file itself would always be stopped by its checksum.
/// </remarks>
internal static class ModelInput
{
    private static ReadOnlySpan<byte> Magic => "DIDTENS1"u8;

    /// <summary>The fuzzer's form of a file that the library wrote.</summary>
    public static byte[] FromFile(string path)
    {
        var file = File.ReadAllBytes(path);
        var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(Magic.Length));
        var start = Magic.Length + 4;
        var header = JsonNode.Parse(file.AsSpan(start, length))!;
        return [.. Encoding.UTF8.GetBytes((string)header["about"]! + "\n" + header["tensors"]!.ToJsonString() + "\n"),
            .. file[(start + length)..^SHA256.HashSizeInBytes]];
    }

    /// <summary>The file of an input.</summary>
    /// <param name="kind">What its header calls it.</param>
    /// <param name="input">The two lines, and the tensors' bytes or their beginning.</param>
    /// <param name="numbers">What stands behind those.</param>
    public static byte[] ToFile(string kind, ReadOnlySpan<byte> input, byte[]? numbers = null)
    {
        var about = Line(ref input);
        var tensors = Line(ref input);
        byte[] header = [.. Encoding.UTF8.GetBytes(
            $"{{\"kind\":{JsonSerializer.Serialize(kind)},\"about\":{JsonSerializer.Serialize(Encoding.UTF8.GetString(about))},\"tensors\":"), .. tensors, (byte)'}'];
        return Signed([.. Magic, .. BitConverter.GetBytes(header.Length), .. header, .. input,
            .. numbers.AsSpan(Math.Min(input.Length, numbers?.Length ?? 0))]);
    }

    /// <summary>The same with its checksum behind it.</summary>
    public static byte[] Signed(byte[] file) => [.. file, .. SHA256.HashData(file)];

    private static ReadOnlySpan<byte> Line(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line;
    }
}

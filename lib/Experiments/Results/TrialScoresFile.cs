using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Reads and writes the scores of a trial as a file of compressed float16 values.</summary>
/// <remarks>
/// <para>Layout: the line "DIDSCORES 1"; a line of JSON (flag, names of the outputs, numbers of segments and devices); the scores
/// (output, segment, device) as IEEE float16, first the high bytes of all values and then the low bytes, compressed by Brotli; SHA-256 of
/// everything before it. The high bytes (sign, exponent, two bits) compress well, the low bytes hardly: separating them saves up to 7 %
/// compared with interleaved bytes, most for networks with low confidence.</para>
/// <para>Log-probabilities are rounded to 9 of float16's 11 significant bits, which makes the file 20 % smaller. The error is at most 1/512
/// of the value (3e-8 for values below 6e-5): at most 0.031 at the floor, that is 3 % of that smallest probability, and 0.1 % of a
/// probability of 0.5. Raw scores keep all 11 bits (1/2048 of the value) and are clamped to float16's range, -65504..65504. Scores that
/// differ by less may become equal, so predicted labels are read from the trial's result instead.</para>
/// </remarks>
internal static class TrialScoresFile
{
    private const string Magic = "DIDSCORES 1\n";

    /// <summary>Maximum length of the line of JSON, in bytes.</summary>
    private const int MaxHeaderBytes = 1 << 14;

    /// <summary>Maximum number of scores in a file: enough for 46,000 segments, 45 devices and 8 outputs.</summary>
    private const int MaxScores = 1 << 24;

    /// <summary>Maximum length of a file that is opened, in bytes: that of scores that do not compress.</summary>
    private const long MaxFileBytes = (long)(MaxScores * 2.1);

    private const float MaxHalf = 65504;

    /// <summary>Number of low bits of a float32 that are rounded away from a log-probability: 8 of the 23 mantissa bits are left.</summary>
    private const int RoundedBits = 15;

    private sealed record Header(bool AreLogProbabilities, IReadOnlyList<string> Outputs, int Segments, int Devices);

    /// <summary>Writes a file, atomically.</summary>
    /// <param name="path">The file; its folder is created if it does not exist.</param>
    /// <param name="scores">The scores.</param>
    /// <exception cref="ArgumentException">There are more scores than <see cref="Read"/> accepts.</exception>
    public static void Write(string path, TrialScores scores)
    {
        var header = new Header(scores.AreLogProbabilities, [.. scores.Outputs.Keys], scores.Segments, scores.Devices);
        var json = Encoding.UTF8.GetBytes(Json.WriteCompact(header) + "\n");
        if (Count(header) > MaxScores || json.Length > MaxHeaderBytes)
            throw new ArgumentException(
                $"A file holds at most {MaxScores} scores and a header of {MaxHeaderBytes} bytes with the names of the outputs.",
                nameof(scores));
        byte[] contents = [.. Encoding.ASCII.GetBytes(Magic), .. json, .. Compress(ToBytes(scores))];
        AtomicFile.WriteBytes(path, [.. contents, .. SHA256.HashData(contents)]);
    }

    /// <summary>Reads a file written by <see cref="Write"/>.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of another kind; the message names it and the reason.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public static TrialScores Read(string path)
    {
        try
        {
            return Parse(ReadBytes(path));
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: these scores cannot be used ({error.Message}); run the trial again.", error);
        }
    }

    private static byte[] ReadBytes(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > MaxFileBytes)
            throw new InvalidDataException($"it is longer than {MaxFileBytes} bytes");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static TrialScores Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < Magic.Length + SHA256.HashSizeInBytes || !file.StartsWith(Encoding.ASCII.GetBytes(Magic)))
            throw new InvalidDataException($"it does not begin with '{Magic.TrimEnd()}'");
        var contents = file[..^SHA256.HashSizeInBytes];
        if (!SHA256.HashData(contents).AsSpan().SequenceEqual(file[contents.Length..]))
            throw new InvalidDataException("the checksum does not match");
        var body = contents[Magic.Length..];
        var end = body[..Math.Min(body.Length, MaxHeaderBytes)].IndexOf((byte)'\n');
        if (end < 0)
            throw new InvalidDataException("the header has no end");
        var header = Json.Read<Header>(Encoding.UTF8.GetString(body[..end]));
        return FromBytes(header, Decompress(body[(end + 1)..], 2 * CheckCount(header)));
    }

    private static int CheckCount(Header header)
    {
        if (header.Segments < 1 || header.Devices < 1 || header.Outputs.Count < 1 || Count(header) > MaxScores)
            throw new InvalidDataException(
                $"the number of scores, {header.Outputs.Count} x {header.Segments} x {header.Devices}, is not in 1..{MaxScores}");
        return header.Outputs.Distinct().Count() == header.Outputs.Count ? (int)Count(header)
            : throw new InvalidDataException("two outputs have the same name");
    }

    /// <summary>Number of scores, as a double so that it cannot overflow.</summary>
    private static double Count(Header header) => (double)header.Outputs.Count * header.Segments * header.Devices;

    private static byte[] ToBytes(TrialScores scores)
    {
        var all = scores.Outputs.Values.SelectMany(rows => rows).SelectMany(row => row)
            .Select(score => scores.AreLogProbabilities ? Round(score) : Math.Clamp(score, -MaxHalf, MaxHalf)).ToArray();
        var bytes = new byte[2 * all.Length];
        Span<byte> pair = stackalloc byte[2];
        for (var i = 0; i < all.Length; i++)
        {
            BinaryPrimitives.WriteHalfBigEndian(pair, (Half)all[i]);
            (bytes[i], bytes[all.Length + i]) = (pair[0], pair[1]);
        }

        return bytes;
    }

    /// <summary>Rounds to the nearest; a carry out of the mantissa correctly increments the exponent.</summary>
    private static float Round(float score)
    {
        var bits = BitConverter.SingleToUInt32Bits(score) + (1u << (RoundedBits - 1));
        return BitConverter.UInt32BitsToSingle(bits >> RoundedBits << RoundedBits);
    }

    private static TrialScores FromBytes(Header header, ReadOnlySpan<byte> bytes)
    {
        var high = bytes[..(bytes.Length / 2)];
        var low = bytes[high.Length..];
        var outputs = new Dictionary<string, float[][]>();
        var position = 0;
        foreach (var name in header.Outputs)
        {
            var rows = outputs[name] = new float[header.Segments][];
            for (var segment = 0; segment < rows.Length; segment++)
            {
                var row = rows[segment] = new float[header.Devices];
                for (var device = 0; device < row.Length; device++, position++)
                    row[device] = (float)BinaryPrimitives.ReadHalfBigEndian([high[position], low[position]]);
            }
        }

        return new TrialScores(header.AreLogProbabilities, outputs);
    }

    private static byte[] Compress(byte[] bytes)
    {
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, compressed, out var written, quality: 11, window: 22) ? compressed[..written]
            : throw new InvalidOperationException("The scores could not be compressed.");
    }

    /// <summary>
    /// Decompresses, but not much more than <paramref name="expected"/> bytes. Memory grows with the bytes that are read; it is not
    /// allocated in advance, as the header may be wrong.
    /// </summary>
    private static byte[] Decompress(ReadOnlySpan<byte> compressed, int expected)
    {
        using var brotli = new BrotliStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        var chunk = new byte[1 << 16];
        try
        {
            for (var read = brotli.Read(chunk); read > 0 && bytes.Length <= expected; read = brotli.Read(chunk))
                bytes.Write(chunk, 0, read);
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidDataException("the compressed scores are damaged", error);
        }

        return bytes.Length == expected ? bytes.ToArray()
            : throw new InvalidDataException("the number of scores differs from that in the header");
    }
}

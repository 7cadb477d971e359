using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Scores of a trial as a file: float16, compressed.</summary>
/// <remarks>
/// <para>Layout: the line "DIDSCORES 1"; a line of JSON (flag, names of the outputs, numbers of segments and devices); the scores
/// (output, segment, device) as IEEE float16, first the high byte of every one and then the low bytes, compressed by Brotli; SHA-256 of
/// all before it. The high bytes (sign, exponent, two bits) compress, the low ones hardly do: apart they take up to 7 % less than side by
/// side, most where a network is little sure.</para>
/// <para>Log-probabilities are rounded to 9 significant bits of float16's 11, which makes the file a fifth smaller: one is kept to 1/512 of
/// its size (to 3e-8 where it is below 6e-5). That is at most 0.031 at the floor, or 3 % of that smallest probability, and 0.1 % of a
/// probability of one half. Raw scores keep all 11 bits, 1/2048 of their size; beyond float16's range, 65504 either way, they become its
/// ends. Two scores that are nearer to one another may become equal, so answers are read from the trial's result.</para>
/// </remarks>
internal static class TrialScoresFile
{
    private const string Magic = "DIDSCORES 1\n";

    /// <summary>Longest line of JSON, in bytes.</summary>
    private const int MaxHeader = 1 << 14;

    /// <summary>Most scores of a file: as many as 46,000 segments, 45 devices and 8 outputs need.</summary>
    private const int MaxScores = 1 << 24;

    /// <summary>Longest file that is opened: random numbers, which do not compress.</summary>
    private const long MaxBytes = (long)(MaxScores * 2.1);

    private const float Largest = 65504;

    /// <summary>Low bits of a float32 that a log-probability is rounded by: 8 of 23 are left, behind the leading one.</summary>
    private const int RoundedBits = 15;

    private sealed record Header(bool AreLogProbabilities, IReadOnlyList<string> Outputs, int Segments, int Devices);

    /// <summary>Writes, whole or not at all.</summary>
    /// <param name="path">The file; its folder is made when missing.</param>
    /// <param name="scores">What to keep.</param>
    /// <exception cref="ArgumentException">There are more scores than <see cref="Read"/> takes.</exception>
    public static void Write(string path, TrialScores scores)
    {
        var header = new Header(scores.AreLogProbabilities, [.. scores.Outputs.Keys], scores.Segments, scores.Devices);
        var json = Encoding.UTF8.GetBytes(Json.WriteCompact(header) + "\n");
        if (Count(header) > MaxScores || json.Length > MaxHeader)
            throw new ArgumentException($"A file holds {MaxScores} scores at most, and names of {MaxHeader} bytes.", nameof(scores));
        byte[] contents = [.. Encoding.ASCII.GetBytes(Magic), .. json, .. Compress(ToBytes(scores))];
        AtomicFile.WriteBytes(path, [.. contents, .. SHA256.HashData(contents)]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or none of this kind; the message names it and the reason.</exception>
    /// <exception cref="IOException">It is absent or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static TrialScores Read(string path)
    {
        try
        {
            return Parse(Contents(path));
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: these scores cannot be used ({error.Message}); run the trial again.", error);
        }
    }

    private static byte[] Contents(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > MaxBytes)
            throw new InvalidDataException($"it is longer than {MaxBytes} bytes");
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
        var rest = contents[Magic.Length..];
        var end = rest[..Math.Min(rest.Length, MaxHeader)].IndexOf((byte)'\n');
        if (end < 0)
            throw new InvalidDataException("the header has no end");
        var header = Json.Read<Header>(Encoding.UTF8.GetString(rest[..end]));
        return FromBytes(header, Decompress(rest[(end + 1)..], 2 * CheckedCount(header)));
    }

    private static int CheckedCount(Header header)
    {
        if (header.Segments < 1 || header.Devices < 1 || header.Outputs.Count < 1 || Count(header) > MaxScores)
            throw new InvalidDataException($"{header.Outputs.Count} x {header.Segments} x {header.Devices} scores are none or too many");
        return header.Outputs.Distinct().Count() == header.Outputs.Count ? (int)Count(header)
            : throw new InvalidDataException("two outputs have one name");
    }

    /// <summary>Exact as far as a file may reach, and beyond it large, never wrapped around.</summary>
    private static double Count(Header header) => (double)header.Outputs.Count * header.Segments * header.Devices;

    private static byte[] ToBytes(TrialScores scores)
    {
        var all = scores.Outputs.Values.SelectMany(rows => rows).SelectMany(row => row)
            .Select(score => scores.AreLogProbabilities ? Rounded(score) : Math.Clamp(score, -Largest, Largest)).ToArray();
        var bytes = new byte[2 * all.Length];
        Span<byte> pair = stackalloc byte[2];
        for (var i = 0; i < all.Length; i++)
        {
            BinaryPrimitives.WriteHalfBigEndian(pair, (Half)all[i]);
            (bytes[i], bytes[all.Length + i]) = (pair[0], pair[1]);
        }

        return bytes;
    }

    /// <summary>To the nearest; a carry out of the fraction rightly reaches the exponent.</summary>
    private static float Rounded(float score)
    {
        var bits = BitConverter.SingleToUInt32Bits(score) + (1u << (RoundedBits - 1));
        return BitConverter.UInt32BitsToSingle(bits >> RoundedBits << RoundedBits);
    }

    private static TrialScores FromBytes(Header header, ReadOnlySpan<byte> bytes)
    {
        var high = bytes[..(bytes.Length / 2)];
        var low = bytes[high.Length..];
        var outputs = new Dictionary<string, float[][]>();
        var at = 0;
        foreach (var name in header.Outputs)
        {
            var rows = outputs[name] = new float[header.Segments][];
            for (var segment = 0; segment < rows.Length; segment++)
            {
                var row = rows[segment] = new float[header.Devices];
                for (var device = 0; device < row.Length; device++, at++)
                    row[device] = (float)BinaryPrimitives.ReadHalfBigEndian([high[at], low[at]]);
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

    /// <summary>Takes memory as bytes come, not as the header claims, and stops behind <paramref name="expected"/> of them.</summary>
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
            : throw new InvalidDataException("the number of scores is not that of the header");
    }
}

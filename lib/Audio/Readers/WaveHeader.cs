using System.Buffers.Binary;

namespace DeviceId.Audio;

/// <summary>Finds format and samples of a WAV file (RIFF, RIFX, RF64, BW64) by the rules of <see cref="WaveFile"/>.</summary>
internal sealed class WaveHeader
{
    private const int MaxChunks = 10_000;
    private const uint Unknown = 0xFFFFFFFF;

    private static readonly HashSet<string> KnownChunks =
        ["data", "fmt ", "fact", "LIST", "JUNK", "PAD ", "FLLR", "bext", "iXML", "id3 ", "ID3 ", "cue ", "smpl", "PEAK", "ds64"];

    // Trailers of other programs, such as an ID3v1 tag (128 bytes), are not taken for lost sound.
    private const int IgnoredTail = 128;

    private readonly string _path;
    private readonly FileBytes _file;
    private readonly bool _bigEndian;
    private readonly string _container;
    private readonly List<string> _warnings = [];
    private readonly List<DataRange> _data = [];
    private WaveFormat? _format;
    private ulong? _longDataSize;
    private long? _claimed = 0;
    private long _present;

    private WaveHeader(string path, FileBytes file, ReadOnlySpan<byte> start)
    {
        (_path, _file) = (path, file);
        _bigEndian = start.StartsWith("RIFX"u8);
        _container = start.StartsWith("RIFF"u8) ? "WAV" : start.StartsWith("RF64"u8) ? "RF64"
            : start.StartsWith("BW64"u8) ? "BW64" : "RIFX";
    }

    /// <summary>Whether a file begins like a WAV file.</summary>
    public static bool Recognises(ReadOnlySpan<byte> header) =>
        header.Length >= 12 && header[8..12].SequenceEqual("WAVE"u8)
        && (header.StartsWith("RIFF"u8) || header.StartsWith("RF64"u8) || header.StartsWith("BW64"u8) || header.StartsWith("RIFX"u8));

    /// <summary>Parses the chunks.</summary>
    /// <param name="path">The file, named in errors.</param>
    /// <param name="file">Its bytes.</param>
    /// <param name="coding">The format number and bits in words, for messages.</param>
    /// <returns>The samples' layout; null if they are compressed, so that a decoder has to read them.</returns>
    /// <exception cref="AudioException">The file is not a WAV file, or is damaged.</exception>
    public static PcmLayout? Read(string path, FileBytes file, out string coding)
    {
        Span<byte> start = stackalloc byte[12];
        if (!Recognises(start[..file.Read(0, start)]))
            throw new AudioException(path, "this is not a WAV file: it does not begin with RIFF, RIFX, RF64 or BW64 and WAVE.");
        var header = new WaveHeader(path, file, start);
        header.ReadChunks();
        return header.Layout(out coding);
    }

    private void ReadChunks()
    {
        var chunks = 0;
        for (long position = 12; position + 8 <= _file.Length;)
        {
            var (name, size) = ReadChunkHeader(position);
            var complete = _format is not null && _data.Count > 0;
            if (complete && (chunks >= MaxChunks || !IsName(name)))
                break;
            if (++chunks > MaxChunks)
                throw new AudioException(_path, $"the WAV file has more than {MaxChunks} chunks before its sound: it is damaged.");
            var left = _file.Length - position - 8;
            if (name.SequenceEqual("data"u8))
                size = AddData(position + 8, (uint)size, left);
            else if (size > left && complete)
                break;
            else if (size > left)
                throw new AudioException(_path, $"the file ends inside its '{Printable(name)}' chunk, "
                    + $"which claims {size} bytes where {left} are left: it is truncated or damaged.");
            else
                ReadChunk(name, position + 8, size);
            position = Next(position + 8 + size, size);
        }
    }

    /// <summary>Position of the chunk after one that ends here. Some programs omit the padding byte after an odd size.</summary>
    private long Next(long end, long size)
    {
        var padded = end + (size & 1);
        return padded > end && !IsKnown(padded) && IsKnown(end) ? end : padded;
    }

    private bool IsKnown(long position) => position + 8 <= _file.Length
        && KnownChunks.Contains(System.Text.Encoding.ASCII.GetString(ReadChunkHeader(position).Name));

    private (byte[] Name, long Size) ReadChunkHeader(long position)
    {
        var chunk = new byte[8];
        _file.Read(position, chunk);
        return (chunk[..4], ReadUInt32(chunk.AsSpan(4)));
    }

    private void ReadChunk(ReadOnlySpan<byte> name, long first, long size)
    {
        if (name.SequenceEqual("fmt "u8) && _format is null)
        {
            var format = new byte[Math.Min(size, WaveFormat.MaxLength)];
            _file.Read(first, format);
            _format = WaveFormat.Parse(_path, format, _bigEndian);
        }
        else if (name.SequenceEqual("ds64"u8) && size >= 16)
        {
            var sizes = new byte[16];
            _file.Read(first, sizes);
            _longDataSize = BinaryPrimitives.ReadUInt64LittleEndian(sizes.AsSpan(8));
        }
    }

    /// <summary>Notes a data chunk; returns the bytes that it takes.</summary>
    private long AddData(long first, uint claimed, long left)
    {
        var isLong = claimed == Unknown && _longDataSize is not null and not ulong.MaxValue;
        var known = isLong ? (long)Math.Min(_longDataSize!.Value, long.MaxValue / 2) : claimed;
        long used;
        if (known == 0 && AreChunks(first))
            used = 0;
        else if (known == 0 || (claimed == Unknown && !isLong && known > left))
            used = AddUnknown(left);
        else
            used = AddKnown(first, known, left, isLong);
        _data.Add(new(first, used));
        return used;
    }

    private long AddUnknown(long left)
    {
        _claimed = null;
        _present += left;
        _warnings.Add(LengthWarnings.Unknown(left));
        return left;
    }

    private long AddKnown(long first, long claimed, long left, bool isLong)
    {
        _claimed += claimed;
        if (claimed > left)
        {
            _present += left;
            _warnings.Add(LengthWarnings.CutShort(claimed, left, left));
            return left;
        }

        // A size of 32 bits wraps at 4 GiB.
        var wraps = (left - claimed) >> 32;
        if (wraps > 0 && !isLong && !AreChunks(first + claimed + (claimed & 1)))
        {
            var used = claimed + (wraps << 32);
            _present += left;
            _warnings.Add(LengthWarnings.Wrapped(claimed, left, used));
            return used;
        }

        var present = HasMoreSound(first + claimed) ? left : claimed;
        _present += present;
        if (present > claimed)
            _warnings.Add(LengthWarnings.ClaimsLess(claimed, present, claimed));
        return claimed;
    }

    /// <summary>Whether what follows a data chunk is neither a chunk nor short nor zero.</summary>
    private bool HasMoreSound(long end)
    {
        if (_file.Length - end <= IgnoredTail || StartsChunk(end) || StartsChunk(end + (end & 1)))
            return false;
        var buffer = new byte[4096];
        for (var position = end; position < _file.Length; position += buffer.Length)
        {
            if (buffer.AsSpan(0, _file.Read(position, buffer)).ContainsAnyExcept((byte)0))
                return true;
        }

        return false;
    }

    private bool StartsChunk(long position)
    {
        if (position + 8 > _file.Length)
            return false;
        var (name, size) = ReadChunkHeader(position);
        return IsName(name) && (size <= _file.Length - position - 8 || name.AsSpan().SequenceEqual("data"u8));
    }

    /// <summary>
    /// Whether one or more chunks with printable names fill the rest of the file. A data size of 0 before them is then correct.
    /// </summary>
    private bool AreChunks(long position)
    {
        for (var chunks = 1; position + 8 <= _file.Length && chunks <= MaxChunks; chunks++)
        {
            var (name, size) = ReadChunkHeader(position);
            if (!IsName(name))
                return false;
            position += 8 + size;
            // Some programs omit the padding of the last chunk.
            if (position == _file.Length || position + (size & 1) == _file.Length)
                return true;
            position += size & 1;
        }

        return false;
    }

    private PcmLayout? Layout(out string coding)
    {
        if (_format is not { } format)
            throw new AudioException(_path, "the WAV file has no 'fmt ' chunk: it is truncated or damaged.");
        if (_data.Count == 0)
            throw new AudioException(_path, "the WAV file has no 'data' chunk: it is truncated or damaged.");
        coding = $"format {format.Coding} with {format.Bits} bits";
        if (format.Samples is not { } samples)
            return null;
        if (samples == SampleFormat.Signed24In4)
            samples = PaddedSamples.Resolve(_file, _data, _bigEndian);
        var frame = format.Channels * SampleReader.Bytes(samples);
        if (format.FrameSizeWarning(_path, frame) is { } warning)
            _warnings.Add(warning);
        var data = _data.Select(range => range with { Length = PcmLayout.WholeFrames(range.Length, frame) })
            .Where(range => range.Length > 0).ToList();
        if (data.Count == 0)
            throw new AudioException(_path, "the WAV file holds no sound: it has less than one whole sample.");
        if (data.Count > 1)
            _warnings.Add(LengthWarnings.SeveralDataChunks(data.Count, data.Sum(range => range.Length)));
        return new PcmLayout(_container, samples, _bigEndian, format.Channels, format.SampleRate, data)
        {
            BytesClaimed = _claimed,
            BytesPresent = _present,
            Warnings = _warnings,
        };
    }

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static bool IsName(ReadOnlySpan<byte> name) => !name.ContainsAnyExceptInRange((byte)' ', (byte)'~');

    private static string Printable(ReadOnlySpan<byte> name) =>
        string.Concat(name.ToArray().Select(b => b is >= 32 and < 127 ? (char)b : '?'));
}

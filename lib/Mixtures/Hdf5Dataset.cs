using System.IO.Compression;
using System.Runtime.InteropServices;

namespace DeviceId.Mixtures;

/// <summary>A vector or a matrix of float64 in an <see cref="Hdf5File"/>.</summary>
internal sealed class Hdf5Dataset
{
    private const int Dataspace = 1;
    private const int Datatype = 3;
    private const int Layout = 8;
    private const int Filters = 11;
    private const int Deflate = 1;
    private const int Shuffle = 2;
    private const int MaxValues = 1 << 24;

    // Deflate expands a byte to at most 1032 bytes.
    private const int MaxExpansion = 1032;

    // Little-endian IEEE 754 of 64 bits: class and version, three bytes of flags, size, bit offset, precision, exponent, mantissa, bias.
    private static ReadOnlySpan<byte> Float64 => [0x11, 0x20, 0x3F, 0x00, 8, 0, 0, 0, 0, 0, 64, 0, 52, 11, 0, 52, 0xFF, 0x03, 0, 0];

    private readonly Hdf5Bytes _bytes;
    private readonly string _name;
    private readonly (int Type, long Address, long Length) _layout;
    private readonly List<int> _filters;

    /// <param name="bytes">The file.</param>
    /// <param name="messages">The messages of the dataset's object header.</param>
    /// <param name="name">Name of the dataset, for error messages.</param>
    /// <exception cref="InvalidDataException">The dataset has another type or is damaged.</exception>
    public Hdf5Dataset(Hdf5Bytes bytes, IReadOnlyList<(int Type, long Address, long Length)> messages, string name)
    {
        (_bytes, _name) = (bytes, name);
        (int Type, long Address, long Length) Message(int type) => messages.FirstOrDefault(m => m.Type == type);
        (var space, var datatype, _layout) = (Message(Dataspace), Message(Datatype), Message(Layout));
        if (space.Length == 0 || _layout.Length == 0 || datatype.Length < Float64.Length
            || !bytes.At(datatype.Address, Float64.Length).SequenceEqual(Float64))
            throw Invalid("is not a matrix of double precision");
        Shape = ReadShape(space.Address);
        _filters = Message(Filters) is { Length: > 0 } filters ? ReadFilters(filters.Address) : [];
        // Checked before memory of this size is allocated.
        var count = Shape.Aggregate(1.0, (product, axis) => product * axis);
        if (!(count is >= 1 and <= MaxValues && count * sizeof(double) <= (double)MaxExpansion * bytes.Length))
            throw Invalid($"claims {string.Join(" x ", Shape)} values, more than the file can hold");
    }

    /// <summary>Length of each axis: one or two axes, the last varying fastest.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Reads all values.</summary>
    /// <exception cref="InvalidDataException">
    /// The data are damaged or incomplete, or stored in a layout that MATLAB does not write.
    /// </exception>
    public double[] Read()
    {
        var at = _layout.Address;
        if (_bytes.Byte(at) != 3)
            throw Invalid("is stored in a layout that MATLAB does not write");
        var values = new double[Shape.Aggregate(1L, (product, axis) => product * axis)];
        var target = MemoryMarshal.AsBytes(values.AsSpan());
        switch (_bytes.Byte(at + 1))
        {
            case 0 when _bytes.Number16(at + 2) == target.Length:
                _bytes.At(at + 4, target.Length).CopyTo(target);
                return values;
            case 1 when _bytes.Number64(at + 10) == target.Length:
                _bytes.At(_bytes.Number64(at + 2), target.Length).CopyTo(target);
                return values;
            case 2 when _bytes.Byte(at + 2) == Shape.Count + 1:
                ReadChunks(_bytes.Number64(at + 3), [.. Shape.Select((_, i) => _bytes.Number32(at + 11 + 4 * i))], values);
                return values;
            default:
                throw Invalid("has data that do not fit its shape, or a layout that MATLAB does not write");
        }
    }

    private long[] ReadShape(long at)
    {
        var (version, axes) = (_bytes.Byte(at), _bytes.Byte(at + 1));
        if (version is not (1 or 2) || axes is not (1 or 2))
            throw Invalid($"has {axes} axes, or a damaged shape");
        return [.. Enumerable.Range(0, axes).Select(i => _bytes.Number64(at + (version == 1 ? 8 : 4) + 8 * i))];
    }

    private List<int> ReadFilters(long at)
    {
        if (_bytes.Byte(at) != 1)
            throw Invalid("has a filter format that MATLAB does not write");
        var filters = new List<int>();
        var next = at + 8;
        for (var (i, count) = (0, _bytes.Byte(at + 1)); i < count; i++)
        {
            var (filter, name, values) = (_bytes.Number16(next), _bytes.Number16(next + 2), _bytes.Number16(next + 6));
            // Shuffle must come before deflate, as MATLAB and all other programs write it; Unfilter relies on this order.
            if (filter is not (Deflate or Shuffle) || filters.Contains(filter) || (filter == Shuffle && i > 0))
                throw Invalid($"uses filter {filter}, which is not supported");
            filters.Add(filter);
            next += 8 + name + 4 * (values + values % 2);
        }

        return filters;
    }

    private void ReadChunks(long tree, long[] chunk, double[] values)
    {
        if (chunk.Zip(Shape).Any(pair => pair.First < 1 || pair.First > pair.Second))
            throw Invalid("has chunks of a size that does not fit its shape");
        var missingChunks = Shape.Zip(chunk, (axis, part) => (axis + part - 1) / part).Aggregate(1L, (product, parts) => product * parts);
        var seen = new HashSet<long>();
        var keyBytes = 8 + 8 * (Shape.Count + 1);
        var buffer = new double[chunk.Aggregate(1L, (product, axis) => product * axis)];
        foreach (var (key, child) in Hdf5File.Leaves(_bytes, tree, type: 1, keyBytes))
        {
            long[] start = [.. Shape.Select((_, i) => _bytes.Number64(key + 8 + 8 * i))];
            if (start.Where((first, i) => first < 0 || first >= Shape[i] || first % chunk[i] != 0).Any() || _bytes.Number32(key + 4) != 0
                || !seen.Add(start[0] * Shape[^1] + start[^1]))
                throw Invalid("has a chunk at an impossible position");
            Unfilter(_bytes.At(child, _bytes.Number32(key)), MemoryMarshal.AsBytes(buffer.AsSpan()));
            CopyChunk(buffer, start, chunk, values);
            missingChunks--;
        }

        if (missingChunks != 0)
            throw Invalid("lacks some of its chunks");
    }

    private void Unfilter(ReadOnlySpan<byte> stored, Span<byte> chunk)
    {
        if (!_filters.Contains(Deflate))
        {
            if (stored.Length != chunk.Length)
                throw Invalid("has a chunk of the wrong size");
            stored.CopyTo(chunk);
        }
        else
        {
            using var inflate = new ZLibStream(new MemoryStream(stored.ToArray()), CompressionMode.Decompress);
            if (inflate.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) != chunk.Length || inflate.ReadByte() >= 0)
                throw Invalid("has a chunk of the wrong size");
        }

        if (!_filters.Contains(Shuffle))
            return;
        // Shuffled data hold all first bytes, then all second bytes, and so on: restore them value by value.
        var shuffled = chunk.ToArray();
        var count = chunk.Length / sizeof(double);
        for (var i = 0; i < chunk.Length; i++)
            chunk[i] = shuffled[i % sizeof(double) * count + i / sizeof(double)];
    }

    /// <summary>Copies a chunk's rows into the matrix; parts beyond its edge are padding.</summary>
    private void CopyChunk(double[] buffer, long[] start, long[] chunk, double[] values)
    {
        var (rows, columns) = Shape.Count == 1 ? (1, Shape[0]) : (Shape[0], Shape[1]);
        var (firstRow, firstColumn) = Shape.Count == 1 ? (0, start[0]) : (start[0], start[1]);
        var (chunkRows, chunkColumns) = Shape.Count == 1 ? (1, chunk[0]) : (chunk[0], chunk[1]);
        for (long row = 0; row < Math.Min(chunkRows, rows - firstRow); row++)
            Array.Copy(buffer, row * chunkColumns, values, (firstRow + row) * columns + firstColumn,
                Math.Min(chunkColumns, columns - firstColumn));
    }

    private InvalidDataException Invalid(string problem) =>
        new($"'{_name}' {problem}: the file is damaged, or it is not a background model of MATLAB 7.3.");
}

using System.Text;

namespace DeviceId.Mixtures;

/// <summary>
/// Reads the part of HDF5 that MATLAB 7.3 writes: groups by name, and float64 matrices, contiguous or in chunks, with deflate and shuffle
/// filters.
/// </summary>
/// <remarks>
/// HDF5 File Format Specification, version 1: superblock 0 or 1, object headers 1, groups as B-trees over symbol nodes. A small reader of
/// our own, because the file comes from the user: every size is checked before memory is allocated, no structure is visited twice, and no
/// file can make the reader run for long.
/// </remarks>
internal sealed class Hdf5File
{
    private const int MatlabUserBlock = 512;
    private const int RootEntry = 56;
    private const int SymbolEntryBytes = 40;
    private const int NodeHeaderBytes = 24;
    private const int MaxBytes = 1 << 28;
    private const int SymbolTable = 0x11;

    private readonly Hdf5Bytes _bytes;
    private readonly long _root;

    private Hdf5File(Hdf5Bytes bytes) => (_bytes, _root) = (bytes, bytes.Number64(SuperblockEntry(bytes) + 8));

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">The file is not a MATLAB 7.3 file, or it is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static Hdf5File Open(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new InvalidDataException($"it is larger than {MaxBytes} bytes: no background model is that large.");
        var file = File.ReadAllBytes(path);
        foreach (var at in (int[])[0, MatlabUserBlock])
            if (file.Length >= at + Signature.Length && file.AsSpan(at).StartsWith(Signature))
                return new Hdf5File(new Hdf5Bytes(file) { Base = at });
        throw new InvalidDataException(
            "this is not a MATLAB 7.3 file (HDF5). In MATLAB, load it and save it again with save(..., '-v7.3').");
    }

    /// <summary>Opens a matrix in a group of the root.</summary>
    /// <exception cref="InvalidDataException">There is no matrix of that name, or it cannot be read.</exception>
    public Hdf5Dataset Dataset(string group, string name) => new(_bytes, Messages(Member(Member(_root, group), name)), name);

    private static long SuperblockEntry(Hdf5Bytes bytes)
    {
        var version = bytes.Byte(8);
        if (version > 1 || bytes.Byte(13) != 8 || bytes.Byte(14) != 8)
            throw new InvalidDataException(
                "it uses a newer HDF5 layout, which MATLAB does not write. "
                + "In MATLAB, load it and save it again with save(..., '-v7.3').");
        return RootEntry + (version == 1 ? 4 : 0);
    }

    /// <summary>Address of a group's member.</summary>
    private long Member(long group, string name)
    {
        var table = Messages(group).FirstOrDefault(message => message.Type == SymbolTable);
        if (table.Length < 16)
            throw new InvalidDataException($"the parent of '{name}' is not a group.");
        var heap = _bytes.Number64(table.Address + 8);
        _bytes.Expect(heap, "HEAP"u8);
        var names = _bytes.Number64(heap + 24);
        var nameBytes = Encoding.UTF8.GetBytes(name + '\0');
        var remaining = _bytes.Length / SymbolEntryBytes;
        foreach (var node in Leaves(_bytes.Number64(table.Address), type: 0, keyBytes: 8))
        {
            _bytes.Expect(node.Child, "SNOD"u8);
            for (var (i, count) = (0, _bytes.Number16(node.Child + 6)); i < count; i++)
            {
                if (--remaining < 0)
                    throw new InvalidDataException("its lists are longer than the file: it is damaged.");
                var entry = node.Child + 8 + i * SymbolEntryBytes;
                var offset = _bytes.Number64(entry);
                if (offset >= 0 && offset < _bytes.Length && _bytes.From(names + offset).StartsWith(nameBytes))
                    return _bytes.Number64(entry + 8);
            }
        }

        throw new InvalidDataException($"it contains no '{name}'.");
    }

    /// <summary>The messages of an object header: type, address and length of each, including all continuations.</summary>
    private List<(int Type, long Address, long Length)> Messages(long header)
    {
        const int Continuation = 0x10;
        const int Shared = 2;
        if (_bytes.Byte(header) != 1)
            throw new InvalidDataException(
                $"the object at address {header} has a header of version {_bytes.Byte(header)}, "
                + "which MATLAB does not write, or is damaged.");
        var remaining = _bytes.Number16(header + 2);
        var messages = new List<(int, long, long)>();
        var blocks = new Queue<(long At, long Length)>([(header + 16, _bytes.Number32(header + 8))]);
        while (blocks.TryDequeue(out var block))
        {
            for (var at = block.At; remaining > 0 && at + 8 <= block.At + block.Length; remaining--)
            {
                var (type, length) = (_bytes.Number16(at), (long)_bytes.Number16(at + 2));
                _bytes.At(at + 8, length);
                if (type == Continuation && length >= 16)
                    blocks.Enqueue((_bytes.Number64(at + 8), _bytes.Number64(at + 16)));
                else if ((_bytes.Byte(at + 4) & Shared) == 0)
                    messages.Add((type, at + 8, length));
                at += 8 + length;
            }
        }

        return messages;
    }

    private IEnumerable<(long Key, long Child)> Leaves(long root, int type, int keyBytes) => Leaves(_bytes, root, type, keyBytes);

    /// <summary>The leaves of a B-tree: addresses of key and child.</summary>
    /// <exception cref="InvalidDataException">The tree is damaged or contains a cycle.</exception>
    internal static IEnumerable<(long Key, long Child)> Leaves(Hdf5Bytes bytes, long root, int type, int keyBytes)
    {
        var seen = new HashSet<long>();
        var nodes = new Stack<long>([root]);
        var remaining = bytes.Length / keyBytes;
        while (nodes.TryPop(out var node))
        {
            bytes.Expect(node, "TREE"u8);
            if (bytes.Byte(node + 4) != type || !seen.Add(node))
                throw new InvalidDataException($"the tree at address {root} is damaged.");
            remaining -= bytes.Number16(node + 6);
            if (remaining < 0)
                throw new InvalidDataException($"the tree at address {root} is larger than the file: it is damaged.");
            var isLeaf = bytes.Byte(node + 5) == 0;
            for (var (i, count) = (0, bytes.Number16(node + 6)); i < count; i++)
            {
                var key = node + NodeHeaderBytes + (long)i * (keyBytes + 8);
                var child = bytes.Number64(key + keyBytes);
                if (isLeaf)
                    yield return (key, child);
                else
                    nodes.Push(child);
            }
        }
    }
}

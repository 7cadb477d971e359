using System.Text;

namespace DeviceId.Mixtures;

/// <summary>
/// Reads what MATLAB 7.3 writes, of HDF5: groups by name, and matrices of float64, plain or in chunks, deflated and shuffled.
/// </summary>
/// <remarks>
/// HDF5 File Format Specification, version 1: superblock 0 or 1, object headers 1, groups as B-trees over symbol nodes. Ours and small,
/// because the file is the user's: every size is checked before it is allocated, no structure is visited twice, and nothing in the file can
/// make it read on for long.
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
    /// <exception cref="InvalidDataException">This is no such file, or it is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static Hdf5File Open(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new InvalidDataException($"it has more than {MaxBytes} bytes: no background model is that large.");
        var file = File.ReadAllBytes(path);
        foreach (var at in (int[])[0, MatlabUserBlock])
            if (file.Length >= at + Signature.Length && file.AsSpan(at).StartsWith(Signature))
                return new Hdf5File(new Hdf5Bytes(file) { Base = at });
        throw new InvalidDataException("this is no MATLAB 7.3 file (HDF5). In MATLAB, load it and save it again with save(..., '-v7.3').");
    }

    /// <summary>A matrix in a group of the root.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, or it cannot be read.</exception>
    public Hdf5Dataset Dataset(string group, string name) => new(_bytes, Messages(Member(Member(_root, group), name)), name);

    private static long SuperblockEntry(Hdf5Bytes bytes)
    {
        var version = bytes.Byte(8);
        if (version > 1 || bytes.Byte(13) != 8 || bytes.Byte(14) != 8)
            throw new InvalidDataException(
                "it is laid out as newer programs write HDF5, not as MATLAB does. In MATLAB, load it and save it again with save(..., '-v7.3').");
        return RootEntry + (version == 1 ? 4 : 0);
    }

    /// <summary>Address of a group's member.</summary>
    private long Member(long group, string name)
    {
        var table = Messages(group).FirstOrDefault(message => message.Type == SymbolTable);
        if (table.Length < 16)
            throw new InvalidDataException($"what should hold '{name}' is no group.");
        var heap = _bytes.Number64(table.Address + 8);
        _bytes.Expect(heap, "HEAP"u8);
        var names = _bytes.Number64(heap + 24);
        var wanted = Encoding.UTF8.GetBytes(name + '\0');
        var left = _bytes.Length / SymbolEntryBytes;
        foreach (var node in Leaves(_bytes.Number64(table.Address), type: 0, keyBytes: 8))
        {
            _bytes.Expect(node.Child, "SNOD"u8);
            for (var (i, count) = (0, _bytes.Number16(node.Child + 6)); i < count; i++)
            {
                if (--left < 0)
                    throw new InvalidDataException("its lists are longer than the file: it is damaged.");
                var entry = node.Child + 8 + i * SymbolEntryBytes;
                var offset = _bytes.Number64(entry);
                if (offset >= 0 && offset < _bytes.Length && _bytes.From(names + offset).StartsWith(wanted))
                    return _bytes.Number64(entry + 8);
            }
        }

        throw new InvalidDataException($"it holds no '{name}'.");
    }

    /// <summary>The messages of an object header: type, address and length of each, through all continuations.</summary>
    private List<(int Type, long Address, long Length)> Messages(long header)
    {
        const int Continuation = 0x10;
        const int Shared = 2;
        if (_bytes.Byte(header) != 1)
            throw new InvalidDataException(
                $"the object at address {header} has a header of version {_bytes.Byte(header)}, which MATLAB does not write, or is damaged.");
        var left = _bytes.Number16(header + 2);
        var messages = new List<(int, long, long)>();
        var blocks = new Queue<(long At, long Length)>([(header + 16, _bytes.Number32(header + 8))]);
        while (blocks.TryDequeue(out var block))
        {
            for (var at = block.At; left > 0 && at + 8 <= block.At + block.Length; left--)
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

    /// <summary>What hangs at the lowest level of a B-tree: addresses of key and child.</summary>
    /// <exception cref="InvalidDataException">The tree is damaged, or leads back to itself.</exception>
    internal static IEnumerable<(long Key, long Child)> Leaves(Hdf5Bytes bytes, long root, int type, int keyBytes)
    {
        var seen = new HashSet<long>();
        var nodes = new Stack<long>([root]);
        var left = bytes.Length / keyBytes;
        while (nodes.TryPop(out var node))
        {
            bytes.Expect(node, "TREE"u8);
            if (bytes.Byte(node + 4) != type || !seen.Add(node))
                throw new InvalidDataException($"the tree at address {root} is damaged.");
            left -= bytes.Number16(node + 6);
            if (left < 0)
                throw new InvalidDataException($"the tree at address {root} is larger than the file: it is damaged.");
            var isLowest = bytes.Byte(node + 5) == 0;
            for (var (i, count) = (0, bytes.Number16(node + 6)); i < count; i++)
            {
                var key = node + NodeHeaderBytes + (long)i * (keyBytes + 8);
                var child = bytes.Number64(key + keyBytes);
                if (isLowest)
                    yield return (key, child);
                else
                    nodes.Push(child);
            }
        }
    }
}

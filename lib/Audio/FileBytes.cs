using Microsoft.Win32.SafeHandles;

namespace DeviceId.Audio;

/// <summary>Reads files as bytes, with one kind of error: as a whole, or piece by piece.</summary>
internal abstract class FileBytes : IDisposable
{
    /// <summary>Bytes in all.</summary>
    public abstract long Length { get; }

    /// <summary>Reads up to the end of <paramref name="into"/> or of the file, and says how many bytes that were.</summary>
    /// <exception cref="AudioException">The file cannot be read any more.</exception>
    public abstract int Read(long first, Span<byte> into);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Opens a file to read it piece by piece.</summary>
    /// <exception cref="AudioException">It is missing, a folder, empty, or not to be read.</exception>
    public static FileBytes Open(string path) => Guarded<FileBytes>(path, () =>
    {
        if (Directory.Exists(path))
            throw new AudioException(path, "this is a folder, not a recording.");
        var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
        if (RandomAccess.GetLength(handle) > 0)
            return new OnDisk(path, handle);
        handle.Dispose();
        throw new AudioException(path, "the file is empty (0 bytes).");
    });

    /// <summary>The whole file.</summary>
    /// <exception cref="AudioException">It is missing, a folder, empty, too large for one array, or not to be read.</exception>
    public static byte[] ReadAll(string path)
    {
        using var file = Open(path);
        if (file.Length > Array.MaxLength)
            throw new AudioException(path, $"the file has {file.Length} bytes, more than the {Array.MaxLength} that can be read at once: split the recording.");
        var bytes = new byte[file.Length];
        return bytes[..file.Read(0, bytes)];
    }

    /// <summary>The first bytes of a file, <paramref name="count"/> at most.</summary>
    /// <exception cref="AudioException">The file cannot be opened.</exception>
    public static byte[] ReadHeader(string path, int count) => Guarded(path, () =>
    {
        if (Directory.Exists(path))
            throw new AudioException(path, "this is a folder, not a recording.");
        using var stream = File.OpenRead(path);
        var header = new byte[count];
        return header[..stream.ReadAtLeast(header, count, throwOnEndOfStream: false)];
    });

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new AudioException(path, $"the file cannot be opened: {error.Message}", error);
        }
    }

    /// <summary>A file that lies in memory.</summary>
    internal sealed class InMemory(ReadOnlyMemory<byte> bytes) : FileBytes
    {
        public override long Length => bytes.Length;

        public override int Read(long first, Span<byte> into)
        {
            var there = bytes.Span[(int)Math.Min(first, bytes.Length)..];
            var count = Math.Min(there.Length, into.Length);
            there[..count].CopyTo(into);
            return count;
        }
    }

    private sealed class OnDisk(string path, SafeFileHandle handle) : FileBytes
    {
        public override long Length { get; } = RandomAccess.GetLength(handle);

        public override int Read(long first, Span<byte> into)
        {
            try
            {
                var done = 0;
                for (int now; done < into.Length && (now = RandomAccess.Read(handle, into[done..], first + done)) > 0;)
                    done += now;
                return done;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new AudioException(path, $"the file cannot be read: {error.Message}", error);
            }
        }

        public override void Dispose() => handle.Dispose();
    }
}

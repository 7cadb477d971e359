using Microsoft.Win32.SafeHandles;

namespace DeviceId.Audio;

/// <summary>Reads the bytes of a file, at once or in chunks, and reports every failure as <see cref="AudioException"/>.</summary>
internal abstract class FileBytes : IDisposable
{
    /// <summary>Length of the file (bytes).</summary>
    public abstract long Length { get; }

    /// <summary>Fills <paramref name="buffer"/> from an offset, up to the end of the file; returns the number of bytes read.</summary>
    /// <exception cref="AudioException">The file can no longer be read.</exception>
    public abstract int Read(long first, Span<byte> buffer);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Opens a file for reading in chunks.</summary>
    /// <exception cref="AudioException">The file is missing, a folder, empty, or cannot be read.</exception>
    public static FileBytes Open(string path) => WithAudioErrors<FileBytes>(path, () =>
    {
        if (Directory.Exists(path))
            throw new AudioException(path, "this is a folder, not a recording.");
        var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
        if (RandomAccess.GetLength(handle) > 0)
            return new DiskFile(path, handle);
        handle.Dispose();
        throw new AudioException(path, "the file is empty (0 bytes).");
    });

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="AudioException">The file is missing, a folder, empty, too large for one array, or cannot be read.</exception>
    public static byte[] ReadAll(string path)
    {
        using var file = Open(path);
        if (file.Length > Array.MaxLength)
            throw new AudioException(path,
                $"the file has {file.Length} bytes, more than the {Array.MaxLength} that can be read at once: split the recording.");
        var bytes = new byte[file.Length];
        return bytes[..file.Read(0, bytes)];
    }

    /// <summary>Reads the first bytes of a file, at most <paramref name="count"/>.</summary>
    /// <exception cref="AudioException">The file cannot be opened.</exception>
    public static byte[] ReadHeader(string path, int count) => WithAudioErrors(path, () =>
    {
        if (Directory.Exists(path))
            throw new AudioException(path, "this is a folder, not a recording.");
        using var stream = File.OpenRead(path);
        var header = new byte[count];
        return header[..stream.ReadAtLeast(header, count, throwOnEndOfStream: false)];
    });

    private static T WithAudioErrors<T>(string path, Func<T> read)
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

    /// <summary>A file in memory.</summary>
    internal sealed class InMemory(ReadOnlyMemory<byte> bytes) : FileBytes
    {
        public override long Length => bytes.Length;

        public override int Read(long first, Span<byte> buffer)
        {
            var available = bytes.Span[(int)Math.Min(first, bytes.Length)..];
            var count = Math.Min(available.Length, buffer.Length);
            available[..count].CopyTo(buffer);
            return count;
        }
    }

    private sealed class DiskFile(string path, SafeFileHandle handle) : FileBytes
    {
        public override long Length { get; } = RandomAccess.GetLength(handle);

        public override int Read(long first, Span<byte> buffer)
        {
            try
            {
                var done = 0;
                for (int count; done < buffer.Length && (count = RandomAccess.Read(handle, buffer[done..], first + done)) > 0;)
                    done += count;
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

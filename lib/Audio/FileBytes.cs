using System.Security.Cryptography;
using DeviceId.Foundation;
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

    /// <summary>Adds what is known after the last block: the hash of the bytes, and whether the file has grown.</summary>
    public virtual AudioFileInfo Complete(AudioFileInfo info) => info;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Opens a file for reading in chunks. Its length is fixed now: what is written to it later is not read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="withHash">Whether <see cref="Complete"/> adds the hash of the bytes.</param>
    /// <exception cref="AudioException">The file is missing, empty, not a regular file, or cannot be read.</exception>
    public static FileBytes Open(string path, bool withHash = true) => WithAudioErrors<FileBytes>(path, () =>
    {
        RequireRegular(path);
        var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
        if (RandomAccess.GetLength(handle) > 0)
            return new DiskFile(path, handle, withHash);
        handle.Dispose();
        throw new AudioException(path, "the file is empty (0 bytes).");
    });

    /// <summary>Reads the first bytes of a file, at most <paramref name="count"/>.</summary>
    /// <exception cref="AudioException">The file cannot be opened.</exception>
    public static byte[] ReadHeader(string path, int count) => WithAudioErrors(path, () =>
    {
        RequireRegular(path);
        using var stream = File.OpenRead(path);
        var header = new byte[count];
        return header[..stream.ReadAtLeast(header, count, throwOnEndOfStream: false)];
    });

    /// <summary>Opening a pipe could wait for ever, and reading a device or a socket could do anything.</summary>
    private static void RequireRegular(string path)
    {
        if (Directory.Exists(path))
            throw new AudioException(path, "this is a folder, not a recording.");
        if (FileStatus.DescribeSpecial(path) is { } kind)
            throw new AudioException(path, $"this is {kind}, not a file: save the recording to a file first.");
    }

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

    /// <summary>A file without its first bytes.</summary>
    internal sealed class Rest(FileBytes file, long start) : FileBytes
    {
        public override long Length => file.Length - start;

        public override int Read(long first, Span<byte> buffer) => file.Read(start + first, buffer);

        public override AudioFileInfo Complete(AudioFileInfo info) => file.Complete(info) with { FileBytes = file.Length };

        public override void Dispose() => file.Dispose();
    }

    /// <summary>A file on disk. Bytes are hashed as they are read, those that no reader asked for at the end.</summary>
    private sealed class DiskFile(string path, SafeFileHandle handle, bool withHash) : FileBytes
    {
        private const int BlockBytes = 1 << 16;

        private readonly IncrementalHash? _hash = withHash ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        private long _hashed;

        public override long Length { get; } = RandomAccess.GetLength(handle);

        public override int Read(long first, Span<byte> buffer)
        {
            var part = buffer[..(int)Math.Clamp(Length - first, 0, buffer.Length)];
            try
            {
                var done = 0;
                for (int count; done < part.Length && (count = RandomAccess.Read(handle, part[done..], first + done)) > 0;)
                    done += count;
                Hash(first, part[..done]);
                return done;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new AudioException(path, $"the file cannot be read: {error.Message}", error);
            }
        }

        public override AudioFileInfo Complete(AudioFileInfo info)
        {
            var buffer = new byte[BlockBytes];
            while (_hash is not null && _hashed < Length)
            {
                if (Read(_hashed, buffer) == 0)
                    throw new AudioException(path, "the file became shorter while it was read: wait until it is completely written.");
            }

            var now = RandomAccess.GetLength(handle);
            return info with
            {
                Hash = _hash is null ? info.Hash : Convert.ToHexStringLower(_hash.GetCurrentHash()),
                FileBytes = Length,
                Warnings = now > Length ? [.. info.Warnings, LengthWarnings.Grew(Length, now)] : info.Warnings,
            };
        }

        public override void Dispose()
        {
            _hash?.Dispose();
            handle.Dispose();
        }

        private void Hash(long first, ReadOnlySpan<byte> bytes)
        {
            if (_hash is null || first > _hashed || first + bytes.Length <= _hashed)
                return;
            _hash.AppendData(bytes[(int)(_hashed - first)..]);
            _hashed = first + bytes.Length;
        }
    }
}

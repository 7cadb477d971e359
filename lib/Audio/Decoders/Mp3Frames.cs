using System.Buffers.Binary;

namespace DeviceId.Audio;

/// <summary>The frames of an MP3 file, found by their headers: nothing is decoded.</summary>
/// <param name="Version">MPEG version, times ten: 10, 20, 25.</param>
/// <param name="SampleRate">Samples per second (Hz).</param>
/// <param name="Channels">1 or 2.</param>
/// <param name="Count">Number of frames that hold sound.</param>
/// <param name="SamplesPerFrame">1152 or 576.</param>
/// <param name="Delay">Samples before the sound that its encoder names; 0 without the encoder's tag.</param>
/// <param name="Padding">Samples after the sound that its encoder names.</param>
/// <param name="Claimed">Number of frames that its tag states; null without one.</param>
/// <param name="Skipped">Bytes between frames that belong to none.</param>
/// <param name="IsCut">Whether the last frame is incomplete.</param>
/// <param name="IsVariable">Whether frames that hold sound differ in bit rate.</param>
internal sealed record Mp3Frames(int Version, int SampleRate, int Channels, long Count, int SamplesPerFrame, int Delay, int Padding,
    long? Claimed, long Skipped, bool IsCut, bool IsVariable)
{
    /// <summary>Offset of the first frame, after tags.</summary>
    public long First { get; private init; }

    /// <summary>Offset after the last frame.</summary>
    public long End { get; private init; }

    private const int HeaderBytes = 4;
    private const int TagBytes = 192;

    private static readonly int[] Rates = [44100, 48000, 32000];
    private static readonly int[] RatesOfMpeg1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] RatesOfMpeg2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

    /// <summary>Number of frames of sound that the whole file should give, without the encoder's delay and padding.</summary>
    public long Samples => Math.Max(0, (Claimed ?? Count) * SamplesPerFrame - Delay - Padding);

    /// <summary>Walks over a file.</summary>
    /// <exception cref="AudioException">There is no frame of layer III, or its frames differ in rate or channels.</exception>
    public static Mp3Frames Walk(string path)
    {
        using var file = FileBytes.Open(path);
        var (position, first, frames) = (SkipTag(file), (Header?)null, new Mp3Frames(0, 0, 0, 0, 0, 0, 0, null, 0, false, false));
        Span<byte> bytes = stackalloc byte[HeaderBytes];
        var (inTail, kilobits) = (false, 0);
        while (file.Read(position, bytes) == HeaderBytes && !inTail)
        {
            if (Header.Parse(bytes) is not { } header || (first is null && !IsFollowed(file, position, header)))
            {
                inTail = bytes.StartsWith("TAG"u8) || bytes.StartsWith("APET"u8);
                frames = inTail ? frames : frames with { Skipped = frames.Skipped + 1 };
                position++;
                continue;
            }

            if (first is not { } known)
            {
                // What comes before the first frame is a tag or junk that decoders pass over.
                frames = Begin(file, position, header) with { First = position };
                kilobits = frames.Count > 0 ? header.Kilobits : 0;
            }
            else if ((header.SampleRate, header.Channels) == (known.SampleRate, known.Channels))
                frames = CountFrame(frames, header, ref kilobits);
            else
                throw new AudioException(path, "its frames differ in sampling rate or channels: convert it to WAV.");
            first ??= header;
            position += header.Length;
            frames = position > file.Length ? frames : frames with { End = position };
        }

        return first is null ? throw new AudioException(path, "it has no frame of MPEG layer III.")
            : frames with { IsCut = position > file.Length };
    }

    /// <summary>Counts a frame of sound; the encoder's tag, which may have another bit rate, is none.</summary>
    private static Mp3Frames CountFrame(Mp3Frames frames, Header header, ref int kilobits)
    {
        var differs = kilobits > 0 && header.Kilobits != kilobits;
        kilobits = header.Kilobits;
        return frames with { Count = frames.Count + 1, IsVariable = frames.IsVariable || differs };
    }

    /// <summary>Whether the next frame begins where this one ends, or the file ends there.</summary>
    private static bool IsFollowed(FileBytes file, long position, Header header)
    {
        Span<byte> next = stackalloc byte[HeaderBytes];
        return file.Read(position + header.Length, next) < HeaderBytes || Header.Parse(next) is not null;
    }

    /// <summary>The first frame: sound, or the encoder's tag ("Xing" or "Info").</summary>
    private static Mp3Frames Begin(FileBytes file, long position, Header header)
    {
        var frames = new Mp3Frames(header.Version, header.SampleRate, header.Channels, 1, header.Samples, 0, 0, null, 0, false, false);
        var bytes = new byte[TagBytes];
        var tag = bytes.AsSpan(0, file.Read(position, bytes));
        var side = HeaderBytes + (header.Version == 10 ? header.Channels == 1 ? 17 : 32 : header.Channels == 1 ? 9 : 17);
        tag = tag.Length > side ? tag[side..] : [];
        if (tag.Length < 8 || !(tag.StartsWith("Xing"u8) || tag.StartsWith("Info"u8)))
            return frames;
        var flags = tag[7];
        long? claimed = (flags & 1) != 0 && tag.Length >= 12 ? BinaryPrimitives.ReadUInt32BigEndian(tag[8..]) : null;
        var lame = 8 + ((flags & 1) != 0 ? 4 : 0) + ((flags & 2) != 0 ? 4 : 0) + ((flags & 4) != 0 ? 100 : 0) + ((flags & 8) != 0 ? 4 : 0);
        frames = frames with { Count = 0, Claimed = claimed };
        // 528 + 1 samples is the delay of every decoder of layer III. The encoder's tag counts from there.
        return tag.Length < lame + 24 || tag[lame] is not (byte)'L' ? frames : frames with
        {
            Delay = ((tag[lame + 21] << 4) | (tag[lame + 22] >> 4)) + 529,
            Padding = Math.Max(0, (((tag[lame + 22] & 15) << 8) | tag[lame + 23]) - 529),
        };
    }

    private static long SkipTag(FileBytes file)
    {
        Span<byte> head = stackalloc byte[10];
        return file.Read(0, head) == head.Length && head.StartsWith("ID3"u8)
            ? 10 + ((head[6] & 127) << 21 | (head[7] & 127) << 14 | (head[8] & 127) << 7 | (head[9] & 127)) : 0;
    }

    private readonly record struct Header(int Version, int SampleRate, int Channels, int Kilobits, int Length)
    {
        public int Samples => Version == 10 ? 1152 : 576;

        public static Header? Parse(ReadOnlySpan<byte> bytes)
        {
            var (version, rate, index) = ((bytes[1] >> 3) & 3, (bytes[2] >> 2) & 3, bytes[2] >> 4);
            if (bytes[0] != 0xFF || (bytes[1] & 0xE6) != 0xE2 || version == 1 || rate == 3 || index is 0 or 15)
                return null;
            var sampleRate = Rates[rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
            var kilobits = (version == 3 ? RatesOfMpeg1 : RatesOfMpeg2)[index];
            var length = (version == 3 ? 144_000 : 72_000) * kilobits / sampleRate + ((bytes[2] >> 1) & 1);
            return new Header(version == 3 ? 10 : version == 2 ? 20 : 25, sampleRate, bytes[3] >> 6 == 3 ? 1 : 2, kilobits, length);
        }
    }
}

using System.Buffers.Binary;
using DeviceId.Foundation;

namespace DeviceId.Audio;

/// <summary>WAV files: RIFF and RF64, plain and WAVE_FORMAT_EXTENSIBLE; PCM of 8, 16, 24 and 32 bits, floating point of 32 and 64.</summary>
/// <remarks>
/// Chunks may come in any order and have odd sizes. A data size that is larger than the file, 0xFFFFFFFF, or 0 as the last chunk (recorders that
/// stream, or were switched off, leave such headers) is read to the end of the file: the samples that are there are good. A file that ends
/// inside its header, or has not one whole sample, is an error, and so are NaN and infinity in floating-point data.
/// </remarks>
public static class WaveFile
{
    private const int Pcm = 1;
    private const int Float = 3;
    private const int Extensible = 0xFFFE;
    private const int GuidOffset = 24;
    private const uint Unknown = 0xFFFFFFFF;

    // WAVE_FORMAT_EXTENSIBLE's sub-format is a GUID: the old format number, then these bytes.
    private static ReadOnlySpan<byte> SubFormatTail => [0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    /// <summary>Reads a WAV file.</summary>
    /// <param name="path">The file; its name does not matter.</param>
    /// <param name="channel">How several channels become one.</param>
    /// <exception cref="AudioException">The file cannot be opened, is no WAV file, or is damaged.</exception>
    public static AudioClip Read(string path, ChannelChoice channel = ChannelChoice.First) => Parse(path, FileBytes.ReadAll(path), channel);

    /// <summary>Writes one channel of 16-bit PCM, whole or not at all; values beyond full scale are clipped, ties round to even.</summary>
    /// <exception cref="ArgumentException">A sample is NaN, or the clip does not fit into a WAV file (4 GB).</exception>
    public static void Write(string path, AudioClip clip) => AtomicFile.WriteBytes(path, ToBytes(clip));

    /// <summary>The bytes that <see cref="Write"/> writes.</summary>
    /// <exception cref="ArgumentException">A sample is NaN, or the clip does not fit into a WAV file (4 GB).</exception>
    public static byte[] ToBytes(AudioClip clip)
    {
        const int Header = 44;
        if (clip.Samples.LongLength * 2 + Header > Array.MaxLength)
            throw new ArgumentException($"A clip of {clip.Samples.LongLength} samples does not fit into one WAV file.", nameof(clip));
        var bytes = new byte[Header + 2 * clip.Samples.Length];
        var span = bytes.AsSpan();
        "RIFF"u8.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(span[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(span[20..], Pcm);
        BinaryPrimitives.WriteInt16LittleEndian(span[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], clip.SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(span[28..], 2 * clip.SampleRate);
        BinaryPrimitives.WriteInt16LittleEndian(span[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[34..], 16);
        "data"u8.CopyTo(span[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[40..], 2 * clip.Samples.Length);
        for (var i = 0; i < clip.Samples.Length; i++)
        {
            if (float.IsNaN(clip.Samples[i]))
                throw new ArgumentException($"Sample {i} is not a number.", nameof(clip));
            var value = Math.Clamp(Math.Round(clip.Samples[i] * 32768.0), short.MinValue, short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(span[(Header + 2 * i)..], (short)value);
        }

        return bytes;
    }

    internal static bool Recognises(ReadOnlySpan<byte> header) =>
        header.Length >= 12 && (header.StartsWith("RIFF"u8) || header.StartsWith("RF64"u8)) && header[8..12].SequenceEqual("WAVE"u8);

    internal static AudioClip Parse(string path, ReadOnlySpan<byte> file, ChannelChoice channel)
    {
        if (!Recognises(file))
            throw new AudioException(path, "this is no WAV file: it does not begin with RIFF or RF64 and WAVE.");
        ReadOnlySpan<byte> format = default, data = default;
        ulong? longDataSize = null;
        var hasData = false;
        for (var at = 12; at + 8 <= file.Length && (format.IsEmpty || !hasData);)
        {
            var name = file.Slice(at, 4);
            var size = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var body = file[(at + 8)..];
            if (name.SequenceEqual("data"u8))
            {
                var claimed = size == Unknown && longDataSize is { } real ? real : size;
                data = body[..DataLength(claimed, body.Length)];
                (hasData, size) = (true, (uint)data.Length);
            }
            else if (size > (uint)body.Length)
            {
                throw new AudioException(path, $"the file ends inside its '{Printable(name)}' chunk, which claims {size} bytes where {body.Length} are left: it is truncated or damaged.");
            }
            else if (name.SequenceEqual("fmt "u8))
            {
                format = body[..(int)size];
            }
            else if (name.SequenceEqual("ds64"u8) && size >= 16)
            {
                longDataSize = BinaryPrimitives.ReadUInt64LittleEndian(body[8..]);
            }

            var next = at + 8L + size + (size & 1);
            if (next > file.Length)
                break;
            at = (int)next;
        }

        if (format.IsEmpty)
            throw new AudioException(path, "the WAV file has no 'fmt ' chunk: it is truncated or damaged.");
        if (!hasData)
            throw new AudioException(path, "the WAV file has no 'data' chunk: it is truncated or damaged.");
        return Decode(path, format, data, channel);
    }

    /// <summary>How much of the file is sound: what is claimed, or all there is when the claim is 0, unknown, or a lie.</summary>
    private static int DataLength(ulong claimed, int left) => claimed == 0 || claimed > (ulong)left ? left : (int)claimed;

    private static AudioClip Decode(string path, ReadOnlySpan<byte> format, ReadOnlySpan<byte> data, ChannelChoice channel)
    {
        if (format.Length < 16)
            throw new AudioException(path, $"the WAV file's 'fmt ' chunk has {format.Length} bytes where 16 are the least: it is damaged.");
        int coding = BinaryPrimitives.ReadUInt16LittleEndian(format);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        int frameBytes = BinaryPrimitives.ReadUInt16LittleEndian(format[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (coding == Extensible && format.Length >= GuidOffset + 16 && format.Slice(GuidOffset + 4, 12).SequenceEqual(SubFormatTail))
            coding = BinaryPrimitives.ReadInt32LittleEndian(format[GuidOffset..]);
        AudioLimits.Check(path, rate, channels);

        SampleFormat? samples = (coding, bits) switch
        {
            (Pcm, 8) => SampleFormat.Unsigned8,
            (Pcm, 16) => SampleFormat.Signed16,
            (Pcm, 24) => SampleFormat.Signed24,
            (Pcm, 32) => SampleFormat.Signed32,
            (Float, 32) => SampleFormat.Float32,
            (Float, 64) => SampleFormat.Float64,
            _ => null,
        };
        if (samples is not { } known)
            throw new AudioException(path, $"the WAV file is coded in format {coding} with {bits} bits, which is not read: convert it to PCM, for example with 'ffmpeg -i IN.wav -c:a pcm_s16le OUT.wav'.");
        if (frameBytes != channels * SampleReader.Bytes(known))
            throw new AudioException(path, $"the WAV file claims {frameBytes} bytes for {channels} channels of {bits} bits: its header is damaged.");
        if (data.Length < frameBytes)
            throw new AudioException(path, "the WAV file holds no sound: not one whole sample.");
        return AudioLimits.Finite(path, new AudioClip(SampleReader.Read(data, known, channels, channel), (int)rate));
    }

    private static string Printable(ReadOnlySpan<byte> name) => string.Concat(name.ToArray().Select(b => b is >= 32 and < 127 ? (char)b : '?'));
}

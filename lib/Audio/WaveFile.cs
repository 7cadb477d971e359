using System.Buffers.Binary;
using DeviceId.Foundation;

namespace DeviceId.Audio;

/// <summary>
/// Reads and writes WAV files: RIFF, RIFX, RF64 and BW64, plain and WAVE_FORMAT_EXTENSIBLE; PCM of 8 to 32 bits, 32 and 64-bit floating
/// point, A-law and µ-law.
/// </summary>
/// <remarks>
/// Chunks may come in any order and have odd sizes. If the data size is larger than the file, 0xFFFFFFFF, or 0, the samples are read up to
/// the end of the file: recorders that stream, or that were switched off while recording, leave such headers before valid samples. If
/// further chunks fill the rest of the file, a data size of 0 is taken literally: the file has no sound. A data size that wrapped at
/// 4 GiB is completed. The samples of several data chunks are joined in order, as ffmpeg joins them. The size of a sample frame is worked
/// out from channels and bits: recorders often state it wrongly. Samples of 24 bits may lie in 3 or in 4 bytes; other numbers of bits,
/// such as 12 or 20, fill the upper bits of whole bytes. An ID3v2 tag before the file is skipped. A file that ends inside its header or
/// has less than one whole sample is an error, and so are NaN, infinity and values beyond 1,000,000.
/// </remarks>
public static class WaveFile
{
    private const int Pcm = 1;

    /// <summary>Reads a WAV file.</summary>
    /// <param name="path">The file; its name does not matter. Of several channels, the first with speech is read.</param>
    /// <exception cref="DeviceIdException">The file cannot be opened, is not a WAV file, or is damaged.</exception>
    public static AudioClip Read(string path) => Read(path, ChannelChoice.Speech);

    /// <summary>Reads a WAV file with a given choice of channel.</summary>
    /// <param name="path">The file; its name does not matter.</param>
    /// <param name="channel">How several channels are reduced to one.</param>
    /// <exception cref="AudioException">The file cannot be opened, is not a WAV file, or is damaged.</exception>
    internal static AudioClip Read(string path, ChannelChoice channel) =>
        ClipReader.Read(path, OpenReader(path, FileBytes.Open(path)), channel);

    /// <summary>Opens a WAV file for reading in chunks, for recordings of several hours.</summary>
    /// <param name="path">The file; its name does not matter.</param>
    /// <param name="channel">How several channels are reduced to one.</param>
    /// <exception cref="AudioException">The file cannot be opened, is not a WAV file, or its header is damaged.</exception>
    internal static WaveSource Open(string path, ChannelChoice channel = default) =>
        OpenBytes(path, FileBytes.Open(path), channel);

    /// <summary>Opens a WAV file by its bytes, which are disposed of with the source.</summary>
    internal static WaveSource OpenBytes(string path, FileBytes file, ChannelChoice channel = default)
    {
        var reader = OpenReader(path, file);
        try
        {
            return new WaveSource(path, reader, channel);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Writes 16-bit mono PCM atomically. Values beyond full scale are clipped; ties round to even.</summary>
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
                throw new ArgumentException($"Sample {i} is NaN.", nameof(clip));
            var value = Math.Clamp(Math.Round(clip.Samples[i] * 32768.0), short.MinValue, short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(span[(Header + 2 * i)..], (short)value);
        }

        return bytes;
    }

    /// <summary>Whether a file begins like a WAV file.</summary>
    internal static bool Recognises(ReadOnlySpan<byte> header) => WaveHeader.Recognises(header);

    /// <summary>Reads a WAV file in memory.</summary>
    /// <param name="path">Name of the file in error messages.</param>
    /// <param name="file">The whole file.</param>
    /// <param name="channel">How several channels are reduced to one.</param>
    internal static AudioClip Parse(string path, ReadOnlyMemory<byte> file, ChannelChoice channel = default) =>
        ClipReader.Read(path, OpenReader(path, new FileBytes.InMemory(file)), channel);

    private static PcmReader OpenReader(string path, FileBytes file)
    {
        try
        {
            var content = NativeReaders.WithoutTag(file);
            return WaveHeader.Read(path, content, out var coding) is { } layout ? new PcmReader(path, content, layout)
                : throw new AudioException(path, $"the WAV file is coded in {coding}, which is not supported here: "
                    + "convert it to PCM, for example with 'ffmpeg -i IN.wav -c:a pcm_s16le OUT.wav'.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}

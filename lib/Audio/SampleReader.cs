using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace DeviceId.Audio;

/// <summary>Decodes interleaved bytes into one channel with full scale = 1.</summary>
internal static class SampleReader
{
    /// <summary>Size of one sample (bytes).</summary>
    public static int Bytes(SampleFormat format) => format switch
    {
        SampleFormat.Unsigned8 or SampleFormat.Signed8 => 1,
        SampleFormat.Signed16 => 2,
        SampleFormat.Signed24 => 3,
        SampleFormat.Float64 => 8,
        _ => 4,
    };

    /// <summary>Decodes all whole sample frames; left-over bytes are dropped.</summary>
    /// <param name="data">Interleaved samples.</param>
    /// <param name="format">Encoding of the samples.</param>
    /// <param name="channels">Number of channels in the file, at least 1.</param>
    /// <param name="choice">How several channels are reduced to one.</param>
    /// <param name="bigEndian">Whether the most significant byte comes first.</param>
    public static float[] Read(ReadOnlySpan<byte> data, SampleFormat format, int channels, ChannelChoice choice, bool bigEndian = false)
    {
        var samples = new float[data.Length / (Bytes(format) * channels)];
        if (channels == 1)
            Channel(data, format, channels, 0, samples, bigEndian);
        else if (choice == ChannelChoice.Mean)
            Mean(data, format, channels, samples, bigEndian);
        else if (choice == ChannelChoice.Louder)
            Channel(data, format, channels, LoudestChannel(data, format, channels, bigEndian), samples, bigEndian);
        else
            Channel(data, format, channels, FirstChannelWithSound(data, format, channels, bigEndian), samples, bigEndian);
        return samples;
    }

    /// <summary>Decodes one channel of as many sample frames as <paramref name="samples"/> holds.</summary>
    public static void Channel(ReadOnlySpan<byte> data, SampleFormat format, int channels, int channel, Span<float> samples,
        bool bigEndian = false)
    {
        if (format == SampleFormat.Signed16 && channels == 1 && BitConverter.IsLittleEndian != bigEndian)
        {
            // Most recordings are 16-bit mono: this path is vectorised. Multiplying by 2^-15 is as exact as dividing by 2^15.
            var integers = MemoryMarshal.Cast<byte, short>(data);
            TensorPrimitives.ConvertTruncating<short, float>(integers[..samples.Length], samples);
            TensorPrimitives.Multiply(samples, 1 / 32768f, samples);
            return;
        }

        int size = Bytes(format), stride = size * channels, offset = size * channel;
        for (var i = 0; i < samples.Length; i++, offset += stride)
            samples[i] = Decode(data.Slice(offset, size), format, bigEndian);
    }

    /// <summary>Decodes the mean of all channels.</summary>
    public static void Mean(ReadOnlySpan<byte> data, SampleFormat format, int channels, Span<float> samples, bool bigEndian = false)
    {
        var decoded = new float[samples.Length];
        samples.Clear();
        for (var channel = 0; channel < channels; channel++)
        {
            Channel(data, format, channels, channel, decoded, bigEndian);
            for (var i = 0; i < samples.Length; i++)
                samples[i] += decoded[i] / channels;
        }
    }

    /// <summary>Energy (sum of squares) of one channel.</summary>
    public static double Energy(ReadOnlySpan<byte> data, SampleFormat format, int channels, int channel, bool bigEndian = false)
    {
        var decoded = new float[data.Length / (Bytes(format) * channels)];
        Channel(data, format, channels, channel, decoded, bigEndian);
        var energy = 0.0;
        foreach (var sample in decoded)
            energy += (double)sample * sample;
        return energy;
    }

    /// <summary>Whether all samples of a channel are equal.</summary>
    /// <param name="data">Interleaved samples.</param>
    /// <param name="format">Encoding of the samples.</param>
    /// <param name="channels">Number of channels in the file.</param>
    /// <param name="channel">Index of the channel.</param>
    /// <param name="value">The value to compare with. If null, it is set to the first sample of <paramref name="data"/>.</param>
    /// <param name="bigEndian">Whether the most significant byte comes first.</param>
    public static bool IsConstant(ReadOnlySpan<byte> data, SampleFormat format, int channels, int channel, ref float? value,
        bool bigEndian = false)
    {
        var size = Bytes(format);
        for (var offset = size * channel; offset + size <= data.Length; offset += size * channels)
        {
            var sample = Decode(data.Slice(offset, size), format, bigEndian);
            value ??= sample;
            if (!sample.Equals(value.Value))
                return false;
        }

        return true;
    }

    /// <summary>Index of the largest energy, the first one in a tie; NaN is never the largest.</summary>
    public static int IndexOfMax(ReadOnlySpan<double> energies)
    {
        var (index, max) = (0, -1.0);
        for (var i = 0; i < energies.Length; i++)
        {
            if (energies[i] > max)
                (index, max) = (i, energies[i]);
        }

        return index;
    }

    private static int LoudestChannel(ReadOnlySpan<byte> data, SampleFormat format, int channels, bool bigEndian)
    {
        var energies = new double[channels];
        for (var channel = 0; channel < channels; channel++)
            energies[channel] = Energy(data, format, channels, channel, bigEndian);
        return IndexOfMax(energies);
    }

    private static int FirstChannelWithSound(ReadOnlySpan<byte> data, SampleFormat format, int channels, bool bigEndian)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            float? value = null;
            if (!IsConstant(data, format, channels, channel, ref value, bigEndian))
                return channel;
        }

        return 0;
    }

    private static float Decode(ReadOnlySpan<byte> bytes, SampleFormat format, bool bigEndian) => format switch
    {
        SampleFormat.Unsigned8 => (bytes[0] - 128) / 128f,
        SampleFormat.Signed8 => (sbyte)bytes[0] / 128f,
        SampleFormat.Signed16 => ReadInt16(bytes, bigEndian) / 32768f,
        SampleFormat.Signed24 => ReadInt24(bytes, bigEndian) / 8388608f,
        SampleFormat.Signed32 => ReadInt32(bytes, bigEndian) / 2147483648f,
        SampleFormat.Float32 => bigEndian ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => (float)(bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
    };

    private static short ReadInt16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes);

    private static int ReadInt24(ReadOnlySpan<byte> bytes, bool bigEndian) => bigEndian
        ? (sbyte)bytes[0] << 16 | bytes[1] << 8 | bytes[2]
        : (sbyte)bytes[2] << 16 | bytes[1] << 8 | bytes[0];

    private static int ReadInt32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);
}

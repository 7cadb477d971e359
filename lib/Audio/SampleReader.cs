using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace DeviceId.Audio;

/// <summary>Turns interleaved bytes into one channel of full scale 1.</summary>
internal static class SampleReader
{
    public static int Bytes(SampleFormat format) => format switch
    {
        SampleFormat.Unsigned8 or SampleFormat.Signed8 => 1,
        SampleFormat.Signed16 => 2,
        SampleFormat.Signed24 => 3,
        SampleFormat.Float64 => 8,
        _ => 4,
    };

    /// <summary>Decodes whole sample frames; left-over bytes are dropped.</summary>
    /// <param name="data">Interleaved samples.</param>
    /// <param name="format">How they are written.</param>
    /// <param name="channels">Channels in the file, 1 at least.</param>
    /// <param name="choice">Which of them.</param>
    /// <param name="bigEndian">The order of bytes.</param>
    public static float[] Read(ReadOnlySpan<byte> data, SampleFormat format, int channels, ChannelChoice choice, bool bigEndian = false)
    {
        var samples = new float[data.Length / (Bytes(format) * channels)];
        if (choice == ChannelChoice.Mean && channels > 1)
            Mean(data, format, channels, samples, bigEndian);
        else
            Channel(data, format, channels, channels == 1 ? 0 : choice == ChannelChoice.Louder ? Louder(data, format, channels, bigEndian)
                : WithSound(data, format, channels, bigEndian), samples, bigEndian);
        return samples;
    }

    /// <summary>One channel of as many frames as <paramref name="samples"/> holds.</summary>
    public static void Channel(ReadOnlySpan<byte> data, SampleFormat format, int channels, int channel, Span<float> samples,
        bool bigEndian = false)
    {
        if (format == SampleFormat.Signed16 && channels == 1 && BitConverter.IsLittleEndian != bigEndian)
        {
            // By far the most recordings: the loop that the compiler can make short. Division by a power of 2 is exact either way.
            var integers = MemoryMarshal.Cast<byte, short>(data);
            TensorPrimitives.ConvertTruncating<short, float>(integers[..samples.Length], samples);
            TensorPrimitives.Multiply(samples, 1 / 32768f, samples);
            return;
        }

        int size = Bytes(format), step = size * channels, at = size * channel;
        for (var i = 0; i < samples.Length; i++, at += step)
            samples[i] = One(data.Slice(at, size), format, bigEndian);
    }

    /// <summary>The mean of all channels.</summary>
    public static void Mean(ReadOnlySpan<byte> data, SampleFormat format, int channels, Span<float> samples, bool bigEndian = false)
    {
        var one = new float[samples.Length];
        samples.Clear();
        for (var channel = 0; channel < channels; channel++)
        {
            Channel(data, format, channels, channel, one, bigEndian);
            for (var i = 0; i < samples.Length; i++)
                samples[i] += one[i] / channels;
        }
    }

    /// <summary>The sum of the squares of one channel's samples.</summary>
    public static double Energy(ReadOnlySpan<byte> data, SampleFormat format, int channels, int channel, bool bigEndian = false)
    {
        var one = new float[data.Length / (Bytes(format) * channels)];
        Channel(data, format, channels, channel, one, bigEndian);
        var energy = 0.0;
        foreach (var sample in one)
            energy += (double)sample * sample;
        return energy;
    }

    /// <summary>Whether all samples of a channel are the same.</summary>
    /// <param name="data">Interleaved samples.</param>
    /// <param name="format">How they are written.</param>
    /// <param name="channels">Channels in the file.</param>
    /// <param name="channel">Which of them.</param>
    /// <param name="value">The sample that all are compared with; null for the first of these, which it becomes.</param>
    /// <param name="bigEndian">The order of bytes.</param>
    public static bool IsConstant(ReadOnlySpan<byte> data, SampleFormat format, int channels, int channel, ref float? value,
        bool bigEndian = false)
    {
        var size = Bytes(format);
        for (var at = size * channel; at + size <= data.Length; at += size * channels)
        {
            var sample = One(data.Slice(at, size), format, bigEndian);
            value ??= sample;
            if (!sample.Equals(value.Value))
                return false;
        }

        return true;
    }

    /// <summary>The first of the greatest; one that is no number is never the greatest.</summary>
    public static int Greatest(ReadOnlySpan<double> energies)
    {
        var (greatest, most) = (0, -1.0);
        for (var i = 0; i < energies.Length; i++)
        {
            if (energies[i] > most)
                (greatest, most) = (i, energies[i]);
        }

        return greatest;
    }

    private static int Louder(ReadOnlySpan<byte> data, SampleFormat format, int channels, bool bigEndian)
    {
        var energies = new double[channels];
        for (var channel = 0; channel < channels; channel++)
            energies[channel] = Energy(data, format, channels, channel, bigEndian);
        return Greatest(energies);
    }

    private static int WithSound(ReadOnlySpan<byte> data, SampleFormat format, int channels, bool bigEndian)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            float? value = null;
            if (!IsConstant(data, format, channels, channel, ref value, bigEndian))
                return channel;
        }

        return 0;
    }

    private static float One(ReadOnlySpan<byte> b, SampleFormat format, bool bigEndian) => format switch
    {
        SampleFormat.Unsigned8 => (b[0] - 128) / 128f,
        SampleFormat.Signed8 => (sbyte)b[0] / 128f,
        SampleFormat.Signed16 => (bigEndian ? BinaryPrimitives.ReadInt16BigEndian(b) : BinaryPrimitives.ReadInt16LittleEndian(b)) / 32768f,
        SampleFormat.Signed24 => (bigEndian ? (sbyte)b[0] << 16 | b[1] << 8 | b[2] : (sbyte)b[2] << 16 | b[1] << 8 | b[0]) / 8388608f,
        SampleFormat.Signed32 => (bigEndian ? BinaryPrimitives.ReadInt32BigEndian(b) : BinaryPrimitives.ReadInt32LittleEndian(b))
            / 2147483648f,
        SampleFormat.Float32 => bigEndian ? BinaryPrimitives.ReadSingleBigEndian(b) : BinaryPrimitives.ReadSingleLittleEndian(b),
        _ => (float)(bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(b) : BinaryPrimitives.ReadDoubleLittleEndian(b)),
    };
}

using System.Buffers.Binary;

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
        var frames = data.Length / (Bytes(format) * channels);
        if (choice == ChannelChoice.Mean && channels > 1)
            return Mean(data, format, channels, frames, bigEndian);
        var channel = choice == ChannelChoice.Louder && channels > 1 ? Louder(data, format, channels, frames, bigEndian) : 0;
        return Channel(data, format, channels, frames, channel, bigEndian);
    }

    private static float[] Channel(ReadOnlySpan<byte> data, SampleFormat format, int channels, int frames, int channel, bool bigEndian)
    {
        var samples = new float[frames];
        int size = Bytes(format), step = size * channels, at = size * channel;
        for (var i = 0; i < frames; i++, at += step)
            samples[i] = One(data.Slice(at, size), format, bigEndian);
        return samples;
    }

    private static float[] Mean(ReadOnlySpan<byte> data, SampleFormat format, int channels, int frames, bool bigEndian)
    {
        var sum = new float[frames];
        for (var channel = 0; channel < channels; channel++)
        {
            var one = Channel(data, format, channels, frames, channel, bigEndian);
            for (var i = 0; i < frames; i++)
                sum[i] += one[i] / channels;
        }

        return sum;
    }

    private static int Louder(ReadOnlySpan<byte> data, SampleFormat format, int channels, int frames, bool bigEndian)
    {
        var (loudest, most) = (0, -1.0);
        for (var channel = 0; channel < channels; channel++)
        {
            var energy = 0.0;
            foreach (var sample in Channel(data, format, channels, frames, channel, bigEndian))
                energy += (double)sample * sample;
            if (energy > most)
                (loudest, most) = (channel, energy);
        }

        return loudest;
    }

    private static float One(ReadOnlySpan<byte> b, SampleFormat format, bool bigEndian) => format switch
    {
        SampleFormat.Unsigned8 => (b[0] - 128) / 128f,
        SampleFormat.Signed8 => (sbyte)b[0] / 128f,
        SampleFormat.Signed16 => (bigEndian ? BinaryPrimitives.ReadInt16BigEndian(b) : BinaryPrimitives.ReadInt16LittleEndian(b)) / 32768f,
        SampleFormat.Signed24 => (bigEndian ? (sbyte)b[0] << 16 | b[1] << 8 | b[2] : (sbyte)b[2] << 16 | b[1] << 8 | b[0]) / 8388608f,
        SampleFormat.Signed32 => (bigEndian ? BinaryPrimitives.ReadInt32BigEndian(b) : BinaryPrimitives.ReadInt32LittleEndian(b)) / 2147483648f,
        SampleFormat.Float32 => bigEndian ? BinaryPrimitives.ReadSingleBigEndian(b) : BinaryPrimitives.ReadSingleLittleEndian(b),
        _ => (float)(bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(b) : BinaryPrimitives.ReadDoubleLittleEndian(b)),
    };
}

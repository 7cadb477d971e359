namespace DeviceId.Audio;

/// <summary>Takes one channel, or the mean of all, out of interleaved samples.</summary>
/// <param name="Index">Index of the channel, from 0; -1 for the mean.</param>
internal readonly record struct ChannelPick(int Index)
{
    private const int MeanIndex = -1;

    /// <summary>One channel by its index, from 0.</summary>
    public static ChannelPick One(int index) => new(index);

    /// <summary>What a choice means for a file; the first channel if the choice depends on the sound.</summary>
    /// <exception cref="AudioException">The file has fewer channels.</exception>
    public static ChannelPick Of(string path, ChannelChoice choice, int channels)
    {
        if (choice.Chosen > channels)
            throw new AudioException(path, $"channel {choice} was asked for, but the file has {channels}: "
                + $"{(channels == 1 ? "leave out --channel" : $"choose 1 to {channels}")}.");
        return new ChannelPick(choice.IsMean && channels > 1 ? MeanIndex : (choice.Chosen ?? 1) - 1);
    }

    /// <summary>Extracts as many samples as <paramref name="samples"/> holds.</summary>
    public void Extract(ReadOnlySpan<float> interleaved, int channels, Span<float> samples)
    {
        if (channels == 1)
        {
            interleaved[..samples.Length].CopyTo(samples);
            return;
        }

        for (var i = 0; i < samples.Length; i++)
            samples[i] = Index == MeanIndex ? Mean(interleaved.Slice(i * channels, channels)) : interleaved[(i * channels) + Index];
    }

    private static float Mean(ReadOnlySpan<float> frame)
    {
        var sum = 0f;
        foreach (var sample in frame)
            sum += sample / frame.Length;
        return sum;
    }
}

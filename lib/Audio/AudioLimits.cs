namespace DeviceId.Audio;

/// <summary>What a header may say and what samples may be, for all readers.</summary>
internal static class AudioLimits
{
    private const int HighestRate = 3_072_000;
    private const int MostChannels = 1024;

    /// <exception cref="AudioException">No rate, no channels, or more than any recorder has.</exception>
    public static void Check(string path, uint sampleRate, int channels)
    {
        if (sampleRate is 0 or > HighestRate)
            throw new AudioException(path, $"the header claims {sampleRate} samples per second (1 to {HighestRate} are believed): it is damaged.");
        if (channels is < 1 or > MostChannels)
            throw new AudioException(path, $"the header claims {channels} channels (1 to {MostChannels} are believed): it is damaged.");
    }

    /// <exception cref="AudioException">A sample is NaN or infinite.</exception>
    public static AudioClip Finite(string path, AudioClip clip)
    {
        for (var i = 0; i < clip.Samples.Length; i++)
            if (!float.IsFinite(clip.Samples[i]))
                throw new AudioException(path, $"sample {i} is {(float.IsNaN(clip.Samples[i]) ? "not a number" : "infinite")}: the file is damaged, or was written by a program with a fault.");
        return clip;
    }
}

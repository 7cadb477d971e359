namespace DeviceId.Audio;

/// <summary>One channel of sound, read piece by piece: a clip in memory, or a file that is never in memory as a whole.</summary>
internal interface ISampleSource
{
    /// <summary>Samples per second (Hz), greater than zero.</summary>
    int SampleRate { get; }

    /// <summary>Samples in all.</summary>
    long Length { get; }

    /// <summary>Reads samples in order, full scale = 1.</summary>
    /// <param name="first">The first sample's index, from 0.</param>
    /// <param name="samples">Filled to its end; the source must hold so many from <paramref name="first"/> on.</param>
    /// <exception cref="AudioException">The file behind it cannot be read any more, or holds what is no number.</exception>
    void Read(long first, Span<float> samples);
}

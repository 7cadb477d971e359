namespace DeviceId.Audio;

/// <summary>Single-channel audio that is read in chunks: a clip in memory, or a file that is never loaded as a whole.</summary>
internal interface ISampleSource
{
    /// <summary>Samples per second (Hz), greater than zero.</summary>
    int SampleRate { get; }

    /// <summary>Total number of samples.</summary>
    long Length { get; }

    /// <summary>Reads consecutive samples, full scale = 1.</summary>
    /// <param name="first">Index of the first sample, from 0.</param>
    /// <param name="samples">The buffer to fill; the source must hold that many samples from <paramref name="first"/> on.</param>
    /// <exception cref="AudioException">The underlying file can no longer be read, or holds NaN or infinity.</exception>
    void Read(long first, Span<float> samples);
}

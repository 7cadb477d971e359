namespace DeviceId.Audio;

/// <summary>Single-channel audio in memory.</summary>
/// <param name="Samples">Samples with full scale = 1: 16-bit integers are divided by 32768, which float32 represents exactly.</param>
/// <param name="SampleRate">Samples per second (Hz), greater than zero.</param>
public sealed record AudioClip(float[] Samples, int SampleRate) : ISampleSource
{
    /// <summary>Duration in seconds.</summary>
    public double DurationSeconds => Samples.Length / (double)SampleRate;

    /// <summary>How the file was read; null for a clip that was not read from a file.</summary>
    internal AudioFileInfo? Info { get; init; }

    /// <summary>Whether all samples are equal, so that the clip holds no sound; false for an empty clip.</summary>
    internal bool IsConstant => Samples.Length > 0 && !Samples.AsSpan().ContainsAnyExcept(Samples[0]);

    long ISampleSource.Length => Samples.Length;

    void ISampleSource.Read(long first, Span<float> samples) => Samples.AsSpan((int)first, samples.Length).CopyTo(samples);
}

namespace DeviceId.Audio;

/// <summary>One channel of sound in memory.</summary>
/// <param name="Samples">Sample values, full scale = 1: 16-bit integers are divided by 32768, which single precision holds exactly.</param>
/// <param name="SampleRate">Samples per second (Hz), greater than zero.</param>
public sealed record AudioClip(float[] Samples, int SampleRate) : ISampleSource
{
    /// <summary>Length in seconds.</summary>
    public double DurationSeconds => Samples.Length / (double)SampleRate;

    /// <summary>Whether all its samples are the same, which is no sound; an empty clip's are not.</summary>
    internal bool IsConstant => Samples.Length > 0 && !Samples.AsSpan().ContainsAnyExcept(Samples[0]);

    long ISampleSource.Length => Samples.Length;

    void ISampleSource.Read(long first, Span<float> samples) => Samples.AsSpan((int)first, samples.Length).CopyTo(samples);
}

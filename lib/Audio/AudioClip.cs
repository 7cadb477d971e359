namespace DeviceId.Audio;

/// <summary>One channel of sound in memory.</summary>
/// <param name="Samples">Sample values, full scale = 1: 16-bit integers are divided by 32768, which single precision holds exactly.</param>
/// <param name="SampleRate">Samples per second (Hz), greater than zero.</param>
public sealed record AudioClip(float[] Samples, int SampleRate) : ISampleSource
{
    /// <summary>Length in seconds.</summary>
    public double DurationSeconds => Samples.Length / (double)SampleRate;

    long ISampleSource.Length => Samples.Length;

    void ISampleSource.Read(long first, Span<float> samples) => Samples.AsSpan((int)first, samples.Length).CopyTo(samples);
}

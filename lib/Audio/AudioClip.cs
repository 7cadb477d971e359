namespace DeviceId.Audio;

/// <summary>One channel of sound in memory.</summary>
/// <param name="Samples">Sample values, full scale = 1: 16-bit integers are divided by 32768, which single precision holds exactly.</param>
/// <param name="SampleRate">Samples per second (Hz), greater than zero.</param>
public sealed record AudioClip(float[] Samples, int SampleRate)
{
    /// <summary>Length in seconds.</summary>
    public double DurationSeconds => Samples.Length / (double)SampleRate;

    /// <summary>The same sound with a root mean square of 1; digital silence stays as it is.</summary>
    public AudioClip AtUnitLevel()
    {
        var power = Samples.Sum(sample => (double)sample * sample) / Math.Max(1, Samples.Length);
        return power > 0 ? this with { Samples = [.. Samples.Select(sample => (float)(sample / Math.Sqrt(power)))] } : this;
    }
}

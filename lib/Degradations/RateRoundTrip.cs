using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>
/// Resamples a clip to a lower sampling rate and back, which removes the frequencies above half the lower rate
/// (<see cref="Resampler"/> states the pass band). A clip whose rate is not higher is left unchanged.
/// </summary>
/// <param name="SampleRate">The lower rate, at least 1000 Hz.</param>
[OptionsKind("sampleRate")]
public sealed record RateRoundTrip(int SampleRate) : Degradation
{
    /// <inheritdoc/>
    public override string Name => "lower sampling rate";

    /// <inheritdoc/>
    public override double Strength => SampleRate / 1000.0;

    /// <inheritdoc/>
    public override string Quantity => "sampling rate";

    /// <inheritdoc/>
    public override string Unit => "kHz";

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (SampleRate < 1000)
            yield return $"SampleRate is {SampleRate}: it must be at least 1000 Hz.";
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random)
    {
        if (SampleRate >= clip.SampleRate)
            return clip;
        var restored = Resampler.Resample(Resampler.Resample(clip, SampleRate), clip.SampleRate);
        return restored with { Samples = Samples.SliceOrPad(restored.Samples, 0, clip.Samples.Length) };
    }
}

using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>
/// To a lower sampling rate and back: nothing is left above half of it (<see cref="Resampler"/> states what passes). A clip whose rate is
/// no higher stays as it is.
/// </summary>
/// <param name="SampleRate">The rate in between, 1000 Hz at least.</param>
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
            yield return $"SampleRate is {SampleRate}: it is 1000 Hz at least.";
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random)
    {
        if (SampleRate >= clip.SampleRate)
            return clip;
        var back = Resampler.Resample(Resampler.Resample(clip, SampleRate), clip.SampleRate);
        return back with { Samples = Samples.Piece(back.Samples, 0, clip.Samples.Length) };
    }
}

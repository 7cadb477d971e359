using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>
/// Every sample times one factor: a volume knob, or another distance. Nothing is cut at full scale here; a 16-bit file that keeps the
/// result does that.
/// </summary>
/// <param name="Decibels">From -120 to 120 dB; 6.02 doubles.</param>
[OptionsKind("gain")]
public sealed record Gain(double Decibels) : Degradation
{
    /// <inheritdoc/>
    public override string Name => "gain";

    /// <inheritdoc/>
    public override double Strength => Decibels;

    /// <inheritdoc/>
    public override string Quantity => "gain";

    /// <inheritdoc/>
    public override string Unit => "dB";

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Decibels is not (>= -120 and <= 120))
            yield return FormattableString.Invariant($"Decibels is {Decibels}: it lies between -120 and 120.");
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random) =>
        clip with { Samples = Samples.Scaled(clip.Samples, Math.Pow(10, Decibels / 20)) };
}

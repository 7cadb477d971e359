using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>
/// Multiplies every sample by one factor, as a volume control or another distance does. Values beyond full scale are not clipped here, but
/// are when the result is written to a 16-bit file.
/// </summary>
/// <param name="Decibels">Gain, from -120 to 120 dB; 6.02 dB double the amplitude.</param>
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
            yield return FormattableString.Invariant($"Decibels is {Decibels}: it must lie between -120 and 120.");
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random) =>
        clip with { Samples = Samples.Scaled(clip.Samples, Math.Pow(10, Decibels / 20)) };
}

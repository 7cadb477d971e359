using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>Clips the loudest samples to one magnitude, as an overdriven input does.</summary>
/// <remarks>
/// Of n samples, the round(Percent / 100 x n) with the largest magnitudes are clipped to the magnitude of the next one. Samples whose
/// magnitude equals that limit do not change.
/// </remarks>
/// <param name="Percent">Proportion of samples to clip (%), above 0 and below 100.</param>
[OptionsKind("clipping")]
public sealed record Clipping(double Percent) : Degradation
{
    /// <inheritdoc/>
    public override string Name => "clipping";

    /// <inheritdoc/>
    public override double Strength => Percent;

    /// <inheritdoc/>
    public override string Quantity => "samples cut";

    /// <inheritdoc/>
    public override string Unit => "%";

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Percent is not (> 0 and < 100))
            yield return FormattableString.Invariant($"Percent is {Percent}: it must be above 0 and below 100.");
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random)
    {
        var magnitudes = Array.ConvertAll(clip.Samples, Math.Abs);
        Array.Sort(magnitudes);
        var clipped = (int)Math.Min(Math.Round(Percent / 100 * magnitudes.Length), magnitudes.Length - 1);
        var limit = magnitudes[^(clipped + 1)];
        return clip with { Samples = Array.ConvertAll(clip.Samples, sample => Math.Clamp(sample, -limit, limit)) };
    }
}

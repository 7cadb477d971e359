using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>The loudest samples cut to one magnitude, as an overdriven input cuts them.</summary>
/// <remarks>
/// With n samples, the round(share x n) of greatest magnitude are cut to the magnitude of the next one; of equal magnitudes at the border
/// none is.
/// </remarks>
/// <param name="Percent">Samples that are cut, in percent: above 0 and below 100.</param>
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
            yield return FormattableString.Invariant($"Percent is {Percent}: it lies between 0 and 100, without both.");
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random)
    {
        var magnitudes = Array.ConvertAll(clip.Samples, Math.Abs);
        Array.Sort(magnitudes);
        var cut = (int)Math.Min(Math.Round(Percent / 100 * magnitudes.Length), magnitudes.Length - 1);
        var most = magnitudes[^(cut + 1)];
        return clip with { Samples = Array.ConvertAll(clip.Samples, sample => Math.Clamp(sample, -most, most)) };
    }
}

using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>
/// Cuts a segment out of the recording at a random position. A recording that is not longer than the segment is left unchanged.
/// </summary>
/// <param name="Seconds">Length of the segment (s), above 0.</param>
[OptionsKind("trimming")]
public sealed record Trimming(double Seconds) : Degradation
{
    /// <inheritdoc/>
    public override string Name => "trimming";

    /// <inheritdoc/>
    public override double Strength => Seconds;

    /// <inheritdoc/>
    public override string Quantity => "what is left";

    /// <inheritdoc/>
    public override string Unit => "s";

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (!(Seconds > 0) || double.IsInfinity(Seconds))
            yield return FormattableString.Invariant($"Seconds is {Seconds}: it must be positive and finite.");
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random)
    {
        var length = Math.Max(1, Math.Round(Seconds * clip.SampleRate));
        if (length >= clip.Samples.Length)
            return clip;
        var start = random.Below(clip.Samples.Length - (int)length + 1);
        return clip with { Samples = Samples.SliceOrPad(clip.Samples, start, (int)length) };
    }
}

using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>
/// A piece of the recording, from a place that the seed decides; a recording that is no longer than the piece stays as it is.
/// </summary>
/// <param name="Seconds">Length of the piece, above 0 s.</param>
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
            yield return FormattableString.Invariant($"Seconds is {Seconds}: it is a positive number.");
    }

    /// <inheritdoc/>
    protected override AudioClip Change(AudioClip clip, SplitMix64 random)
    {
        var length = Math.Max(1, Math.Round(Seconds * clip.SampleRate));
        return length >= clip.Samples.Length ? clip
            : clip with { Samples = Samples.Piece(clip.Samples, random.Below(clip.Samples.Length - (int)length + 1), (int)length) };
    }
}

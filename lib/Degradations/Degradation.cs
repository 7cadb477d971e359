using System.Globalization;
using System.Text.Json.Nodes;
using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>
/// Something that happens to a recording between the phone and the court: noise, a codec, a room. A value: equal ones do the same.
/// </summary>
/// <remarks>
/// Settings and what they make in one: a degradation is a function of a clip and a seed, and has no state. A new one is one file: a record
/// derived from this with an <see cref="OptionsKindAttribute"/>.
/// </remarks>
public abstract record Degradation : Options
{
    /// <summary>What happens, without how much: "white noise". One figure each.</summary>
    public abstract string Name { get; }

    /// <summary>How much, in <see cref="Unit"/>; whether more is worse depends on the kind.</summary>
    public abstract double Strength { get; }

    /// <summary>What the strength is: "signal-to-noise ratio".</summary>
    public abstract string Quantity { get; }

    /// <summary>The unit of the strength: "dB".</summary>
    public abstract string Unit { get; }

    /// <summary>Both: "white noise, 10 dB".</summary>
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Name}, {Strength:0.###} {Unit}");

    /// <summary>Why it cannot be applied on this machine; null where it can.</summary>
    public virtual string? WhyUnavailable() => null;

    /// <summary>The recording after it; the sampling rate stays, and nothing is cut at full scale unless the kind says so.</summary>
    /// <param name="clip">The recording; one without samples stays as it is.</param>
    /// <param name="seed">
    /// Decides everything random: the same clip and the same seed give the same samples. Give every recording its own (<see
    /// cref="Seeds.Derive"/>).
    /// </param>
    /// <exception cref="OptionsException">The strength is out of range.</exception>
    /// <exception cref="ArgumentException">The clip holds NaN or infinity.</exception>
    /// <exception cref="DegradationException">A program that is needed is absent, or has failed.</exception>
    public AudioClip Apply(AudioClip clip, long seed)
    {
        Validate();
        if (Array.FindIndex(clip.Samples, sample => !float.IsFinite(sample)) is var bad and >= 0)
            throw new ArgumentException($"Sample {bad} is not a finite number.", nameof(clip));
        if (WhyUnavailable() is { } reason)
            throw new DegradationException(reason);
        return clip.Samples.Length == 0 ? clip : Change(clip, new SplitMix64((ulong)seed));
    }

    /// <summary>
    /// Type, settings and words in one line: names what is kept on the disk, and decides the noise of stored results. It must stay as it
    /// is.
    /// </summary>
    internal string Identity
    {
        get
        {
            var settings = (JsonObject)JsonNode.Parse(Json.WriteKey(this))!;
            settings.Remove(SettingsContract.Discriminator);
            var words = Json.WriteCompact(new { Name, Strength, Quantity, Unit, Label });
            return $"{GetType().Name} {settings.ToJsonString()[..^1]},{words[1..]}";
        }
    }

    /// <summary>What it does to at least one finite sample.</summary>
    /// <param name="clip">The recording.</param>
    /// <param name="random">Decides everything random.</param>
    protected abstract AudioClip Change(AudioClip clip, SplitMix64 random);
}

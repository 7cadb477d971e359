using System.Globalization;
using System.Text.Json.Nodes;
using DeviceId.Audio;
using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>
/// A change that a recording can undergo between the phone and the court: noise, a codec, a room. Equal degradations have equal effects.
/// </summary>
/// <remarks>
/// A degradation is a function of a clip and a seed; it has no state. To add one, derive a record from this class and give it an
/// <see cref="OptionsKindAttribute"/>.
/// </remarks>
public abstract record Degradation : Options
{
    /// <summary>Kind of degradation, without its strength: "white noise". Results are charted per name.</summary>
    public abstract string Name { get; }

    /// <summary>Strength in <see cref="Unit"/>; whether a larger value is worse depends on the kind.</summary>
    public abstract double Strength { get; }

    /// <summary>Quantity that the strength measures: "signal-to-noise ratio".</summary>
    public abstract string Quantity { get; }

    /// <summary>Unit of the strength: "dB".</summary>
    public abstract string Unit { get; }

    /// <summary>Name and strength: "white noise, 10 dB".</summary>
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Name}, {Strength:0.###} {Unit}");

    /// <summary>Reason why the degradation cannot be applied on this machine; null if it can.</summary>
    public virtual string? WhyUnavailable() => null;

    /// <summary>Returns the degraded recording at the same sampling rate. Only kinds that say so clip at full scale.</summary>
    /// <param name="clip">The recording; an empty clip is returned unchanged.</param>
    /// <param name="seed">
    /// Seed of all randomness: the same clip and seed give the same samples. Use a different seed for each recording
    /// (<see cref="Seeds.Derive"/>).
    /// </param>
    /// <exception cref="DeviceIdException">The strength is out of range.</exception>
    /// <exception cref="ArgumentException">The clip holds NaN or infinity.</exception>
    /// <exception cref="DeviceIdException">A required program is missing or has failed.</exception>
    public AudioClip Apply(AudioClip clip, long seed)
    {
        Validate();
        if (Array.FindIndex(clip.Samples, sample => !float.IsFinite(sample)) is var bad and >= 0)
            throw new ArgumentException($"Sample {bad} is NaN or infinite.", nameof(clip));
        if (WhyUnavailable() is { } reason)
            throw new DegradationException(reason);
        return clip.Samples.Length == 0 ? clip : Change(clip, new SplitMix64((ulong)seed));
    }

    /// <summary>
    /// Type, settings and texts in one line. It is part of the keys of stored results and of the seeds of their noise: do not change it.
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

    /// <summary>Degrades a clip of at least one sample, all finite.</summary>
    /// <param name="clip">The recording.</param>
    /// <param name="random">Source of all randomness.</param>
    protected abstract AudioClip Change(AudioClip clip, SplitMix64 random);
}

using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of a feature. All features of a front end use the same frames.</summary>
/// <remarks>
/// To add a feature, derive a record from this class, give it an <see cref="OptionsKindAttribute"/>, and write the class it creates.
/// </remarks>
public abstract record FeatureOptions : Options
{
    /// <summary>Duration of a frame before rounding to samples (ms), from 1 to 1000.</summary>
    public double FrameMilliseconds { get; init; } = 30;

    /// <summary>How the duration is rounded to samples.</summary>
    public FrameRounding FrameRounding { get; init; } = FrameRounding.Nearest;

    /// <summary>Hop as a fraction of the frame length, in (0, 1]; rounded down to whole samples.</summary>
    public double HopFraction { get; init; } = 0.5;

    /// <summary>Number of columns of the feature matrix.</summary>
    public abstract int Dimension { get; }

    /// <summary>Creates the extractor of the feature.</summary>
    /// <param name="device">Device that computes the features.</param>
    /// <exception cref="DeviceIdException">The settings are invalid.</exception>
    public abstract IFrameFeatures Create(Device device);

    /// <summary>The feature's filters at a sampling rate, for charts that compare filter banks; null if it has none.</summary>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <exception cref="ArgumentException">The sampling rate does not fit the settings.</exception>
    public virtual FilterResponses? FiltersFor(int sampleRate) => null;

    /// <summary>Frame length and hop at a sampling rate.</summary>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <exception cref="ArgumentException">The sampling rate is too low or too high for the frame duration.</exception>
    internal FrameGrid Grid(int sampleRate) => FrameGrid.For(FrameMilliseconds, FrameRounding, HopFraction, sampleRate);

    /// <summary>Whether both features cut a recording into the same frames.</summary>
    /// <param name="other">Settings of another feature.</param>
    public bool HasSameFrames(FeatureOptions other) =>
        (FrameMilliseconds, FrameRounding, HopFraction) == (other.FrameMilliseconds, other.FrameRounding, other.HopFraction);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (FrameMilliseconds is not (>= 1 and <= 1000))
            yield return FormattableString.Invariant($"FrameMilliseconds is {FrameMilliseconds}; it must be from 1 to 1000.");
        if (!Enum.IsDefined(FrameRounding))
            yield return $"FrameRounding is {(int)FrameRounding}, which is not a defined value.";
        if (HopFraction is not (> 0 and <= 1))
            yield return FormattableString.Invariant($"HopFraction is {HopFraction}; it must be above 0 and at most 1.");
    }
}

/// <summary>How the duration of a frame is rounded to a whole number of samples.</summary>
public enum FrameRounding
{
    /// <summary>The nearest integer, halves to even: 30 ms are 480 samples at 16 kHz, 960 at 32 kHz.</summary>
    Nearest,

    /// <summary>
    /// The largest power of two that is not longer than the duration, as in VOICEBOX <c>melcepst</c>: 30 ms become 256 samples (16 ms) at
    /// 16 kHz, 512 at 32 kHz.
    /// </summary>
    PowerOfTwo,
}

using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of a feature; each kind makes its own. All features of a front end share their frames.</summary>
/// <remarks>
/// A new feature is one file: a record derived from this with an <see cref="OptionsKindAttribute"/>, and the class that it makes.
/// </remarks>
public abstract record FeatureOptions : Options
{
    /// <summary>Duration of a frame before rounding to samples (ms), from 1 to 1000.</summary>
    public double FrameMilliseconds { get; init; } = 30;

    /// <summary>How the duration becomes samples.</summary>
    public FrameRounding FrameRounding { get; init; } = FrameRounding.Nearest;

    /// <summary>Hop from frame to frame as a part of the frame's samples, in (0, 1]; rounded down to whole samples.</summary>
    public double HopFraction { get; init; } = 0.5;

    /// <summary>Columns of the feature matrix.</summary>
    public abstract int Dimension { get; }

    /// <summary>Makes what computes the feature.</summary>
    /// <param name="device">Where the work is done.</param>
    /// <exception cref="OptionsException">The settings cannot be used.</exception>
    public abstract IFrameFeatures Create(Device device);

    /// <summary>Where the frames lie at a sample rate.</summary>
    /// <param name="sampleRate">Samples per second (Hz).</param>
    /// <exception cref="ArgumentException">The sample rate is too low or too high for the frame.</exception>
    internal FrameGrid Grid(int sampleRate) => FrameGrid.For(FrameMilliseconds, FrameRounding, HopFraction, sampleRate);

    /// <summary>Whether both cut a recording into the same frames.</summary>
    /// <param name="other">Of another feature.</param>
    public bool HasFramesOf(FeatureOptions other) =>
        (FrameMilliseconds, FrameRounding, HopFraction) == (other.FrameMilliseconds, other.FrameRounding, other.HopFraction);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (FrameMilliseconds is not (>= 1 and <= 1000))
            yield return FormattableString.Invariant($"FrameMilliseconds is {FrameMilliseconds}; it must lie from 1 to 1000.");
        if (!Enum.IsDefined(FrameRounding))
            yield return $"FrameRounding is {(int)FrameRounding}, which is no member.";
        if (HopFraction is not (> 0 and <= 1))
            yield return FormattableString.Invariant($"HopFraction is {HopFraction}; it must be above 0 and at most 1.");
    }
}

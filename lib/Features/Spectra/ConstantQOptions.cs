using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of the log constant-Q spectrum, <see cref="ConstantQ"/>.</summary>
/// <remarks>
/// Frames are longer than those of other features, because low frequencies need them: 256 ms with a hop of 16 ms. 64 frames last 1.3 s, 48
/// frames 1 s.
/// </remarks>
[OptionsKind("constantQ")]
public sealed record ConstantQOptions : FeatureOptions
{
    /// <summary>Creates the default settings.</summary>
    public ConstantQOptions() => (FrameMilliseconds, HopFraction) = (256, 1 / 16.0);

    /// <summary>Number of frequencies (columns), from 2 to 2000: 48 per octave at 32 kHz with the default range.</summary>
    public int Bins { get; init; } = 396;

    /// <summary>Lowest frequency (Hz).</summary>
    public double LowHertz { get; init; } = 50;

    /// <summary>Highest frequency (Hz), at most half the sampling rate; null for 0.95 of that.</summary>
    public double? HighHertz { get; init; }

    /// <inheritdoc/>
    public override int Dimension => Bins;

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) =>
        new BlockFeatures(this, device, ConstantQ.ArithmeticVersion, rate => new ConstantQ(this, rate, device));

    /// <inheritdoc/>
    public override FilterResponses FiltersFor(int sampleRate) => ConstantQ.Responses(this, sampleRate);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Bins is < 2 or > 2000)
            yield return $"Bins is {Bins}; it must be from 2 to 2000.";
        if (LowHertz is not > 0 || !(HighHertz is null || HighHertz > LowHertz))
            yield return FormattableString.Invariant(
                $"LowHertz is {LowHertz}, HighHertz {HighHertz}: LowHertz must be above 0, HighHertz above LowHertz.");
    }
}

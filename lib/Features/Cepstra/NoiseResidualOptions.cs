using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of the MFCC of the noise residual, <see cref="NoiseResidual"/>.</summary>
[OptionsKind("noiseResidual")]
public sealed record NoiseResidualOptions : FeatureOptions
{
    /// <summary>Number of mel filters; null for floor(3 ln fs).</summary>
    public int? Filters { get; init; }

    /// <summary>Number of cepstral coefficients, from c0 upwards; at most the number of filters.</summary>
    public int Coefficients { get; init; } = 13;

    /// <summary>Whether to append deltas and delta-deltas.</summary>
    public bool Deltas { get; init; } = true;

    /// <summary>Duration (s) in which the noise is the minimum of the smoothed power, centred at each frame; from 0.1 to 60.</summary>
    public double NoiseSeconds { get; init; } = 1.5;

    /// <inheritdoc/>
    public override int Dimension => Cepstra.Dimension;

    /// <summary>The MFCC that are computed from the residual.</summary>
    internal MfccOptions Cepstra => new()
    {
        FrameMilliseconds = FrameMilliseconds, FrameRounding = FrameRounding, HopFraction = HopFraction, Filters = Filters,
        Coefficients = Coefficients, Deltas = Deltas,
    };

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) =>
        new BlockFeatures(this, device, NoiseResidual.ArithmeticVersion, rate => new NoiseResidual(this, rate, device));

    /// <inheritdoc/>
    public override FilterResponses FiltersFor(int sampleRate) => Cepstra.FiltersFor(sampleRate);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in Cepstra.Problems())
            yield return problem;
        if (NoiseSeconds is not (>= 0.1 and <= 60))
            yield return FormattableString.Invariant($"NoiseSeconds is {NoiseSeconds}; it must be from 0.1 to 60.");
    }
}

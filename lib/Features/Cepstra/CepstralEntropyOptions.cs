using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of the entropy of cepstra in near-silence, <see cref="CepstralEntropy"/>.</summary>
[OptionsKind("cepstralEntropy")]
public sealed record CepstralEntropyOptions : FeatureOptions
{
    /// <summary>Number of cepstral coefficients, from c0 upwards (columns); at most the number of filters.</summary>
    public int Coefficients { get; init; } = 13;

    /// <summary>Number of mel filters; null for floor(3 ln fs).</summary>
    public int? Filters { get; init; }

    /// <summary>Share of a recording's frames, those with the lowest c0, that count as near-silent, in (0, 1].</summary>
    public double QuietShare { get; init; } = 0.2;

    /// <summary>Number of near-silent frames in an entropy, from 2 to 4096; all of them if a recording has fewer.</summary>
    public int QuietFrames { get; init; } = 64;

    /// <summary>How a coefficient becomes a probability.</summary>
    public EntropyWeights Weights { get; init; }

    /// <inheritdoc/>
    public override int Dimension => Coefficients;

    /// <summary>The MFCC whose entropy is computed.</summary>
    internal MfccOptions Cepstra => new()
    {
        FrameMilliseconds = FrameMilliseconds, FrameRounding = FrameRounding, HopFraction = HopFraction, Filters = Filters,
        Coefficients = Coefficients, Deltas = false,
    };

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) => new CepstralEntropy(this, device);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in Cepstra.Problems())
            yield return problem;
        if (QuietShare is not (> 0 and <= 1))
            yield return FormattableString.Invariant($"QuietShare is {QuietShare}; it must be above 0 and at most 1.");
        if (QuietFrames is < 2 or > 4096)
            yield return $"QuietFrames is {QuietFrames}; it must be from 2 to 4096.";
        if (!Enum.IsDefined(Weights))
            yield return $"Weights is {(int)Weights}, which is not a defined value.";
    }
}

/// <summary>How the values c of a coefficient become probabilities.</summary>
public enum EntropyWeights
{
    /// <summary>|c| divided by its sum: a constant channel changes the entropy.</summary>
    Magnitude,

    /// <summary>exp(c) divided by its sum: a constant channel cancels.</summary>
    Softmax,
}

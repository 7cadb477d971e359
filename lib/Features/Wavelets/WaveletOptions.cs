using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of the energies of wavelets and wavelet packets, <see cref="WaveletEnergies"/>.</summary>
[OptionsKind("wavelet")]
public sealed record WaveletOptions : FeatureOptions
{
    /// <summary>Wavelet packets: cepstra of 24 bands whose widths follow the mel scale.</summary>
    public static WaveletOptions Packets { get; } = new();

    /// <summary>Discrete wavelet transform of 6 levels: log energies of 6 details and of the approximation.</summary>
    public static WaveletOptions Dyadic { get; } = new() { Tree = WaveletTree.Dyadic, Bands = 7, Coefficients = null };

    /// <summary>How the band from DC to half the sampling rate is divided.</summary>
    public WaveletTree Tree { get; init; }

    /// <summary>Number of bands, from 2 to 256; with <see cref="WaveletTree.Dyadic"/> the number of levels + 1.</summary>
    public int Bands { get; init; } = 24;

    /// <summary>Number of coefficients of a DCT of the log energies, from c0 upwards; null for the log energies themselves.</summary>
    public int? Coefficients { get; init; } = 13;

    /// <summary>Whether to append deltas and delta-deltas.</summary>
    public bool Deltas { get; init; } = true;

    /// <summary>Vanishing moments of the Daubechies wavelet, from 1 (Haar) to 10; its filters have twice as many samples.</summary>
    public int VanishingMoments { get; init; } = 8;

    /// <inheritdoc/>
    public override int Dimension => (Coefficients ?? Bands) * (Deltas ? 3 : 1);

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) =>
        new BlockFeatures(this, device, WaveletEnergies.ArithmeticVersion, rate => new WaveletEnergies(this, rate, device));

    /// <inheritdoc/>
    public override FilterResponses FiltersFor(int sampleRate) => WaveletBand.Responses(this, sampleRate);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (!Enum.IsDefined(Tree))
            yield return $"Tree is {(int)Tree}, which is not a defined value.";
        if (Bands is < 2 or > 256)
            yield return $"Bands is {Bands}; it must be from 2 to 256.";
        if (Coefficients < 1 || Coefficients > Bands)
            yield return $"Coefficients is {Coefficients}; it must be from 1 to the {Bands} Bands, or null.";
        if (VanishingMoments is < 1 or > Daubechies.MaxVanishingMoments)
            yield return $"VanishingMoments is {VanishingMoments}; it must be from 1 to {Daubechies.MaxVanishingMoments}.";
    }
}

/// <summary>How a wavelet transform divides the band from DC to half the sampling rate.</summary>
public enum WaveletTree
{
    /// <summary>Wavelet packets: the band that is widest in mel is halved until there are enough.</summary>
    Mel,

    /// <summary>Discrete wavelet transform: the lowest band is halved until there are enough.</summary>
    Dyadic,
}

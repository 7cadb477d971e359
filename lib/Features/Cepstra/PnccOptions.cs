using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of power-normalised cepstral coefficients (PNCC), <see cref="Pncc"/>.</summary>
[OptionsKind("pncc")]
public sealed record PnccOptions : FeatureOptions
{
    /// <summary>Frames of Kim and Stern: 25.6 ms with a hop of 10 ms. The default frames are those of all features.</summary>
    public static PnccOptions AsWritten { get; } = new() { FrameMilliseconds = 25.6, HopFraction = 10 / 25.6 };

    /// <summary>Number of gammatone channels, from 1 to 1000.</summary>
    public int Channels { get; init; } = 40;

    /// <summary>Centre of the lowest channel (Hz), above 0; the centre of the highest is half the sampling rate.</summary>
    public double LowHertz { get; init; } = 200;

    /// <summary>Number of cepstral coefficients, from c0 upwards; at most the number of channels.</summary>
    public int Coefficients { get; init; } = 13;

    /// <summary>
    /// Whether noise is suppressed: medium-time power, asymmetric noise suppression, temporal masking, smoothing over channels. It removes
    /// what is stationary, such as the noise floor of a phone.
    /// </summary>
    public bool MediumTimeProcessing { get; init; } = true;

    /// <summary>Whether to append deltas and delta-deltas.</summary>
    public bool Deltas { get; init; } = true;

    /// <inheritdoc/>
    public override int Dimension => Deltas ? 3 * Coefficients : Coefficients;

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) =>
        new BlockFeatures(this, device, Pncc.ArithmeticVersion, rate => new Pncc(this, rate, device));

    /// <inheritdoc/>
    public override FilterResponses FiltersFor(int sampleRate)
    {
        var bank = new GammatoneBank(Channels, Grid(sampleRate).Length, sampleRate, LowHertz);
        return FilterResponses.Create(bank.CentreHertz, bank.Weights, Grid(sampleRate).Length, sampleRate);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Channels is < 1 or > 1000)
            yield return $"Channels is {Channels}; it must be from 1 to 1000.";
        if (!(LowHertz > 0) || double.IsInfinity(LowHertz))
            yield return FormattableString.Invariant($"LowHertz is {LowHertz}; it must be above 0.");
        if (Coefficients < 1 || Coefficients > Channels)
            yield return $"Coefficients is {Coefficients}; it must be from 1 to the {Channels} Channels.";
    }
}

using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of linear prediction cepstral coefficients (LPCC), <see cref="Lpcc"/>.</summary>
[OptionsKind("lpcc")]
public sealed record LpccOptions : FeatureOptions
{
    /// <summary>Order of the linear prediction, from 1 to 200 and below the frame length. 12 is usual for speech at 8 to 16 kHz.</summary>
    public int Order { get; init; } = 24;

    /// <summary>Number of cepstral coefficients, from c0 upwards, from 1 to 1000; may be larger than the order.</summary>
    public int Coefficients { get; init; } = 13;

    /// <summary>Whether to append deltas and delta-deltas.</summary>
    public bool Deltas { get; init; } = true;

    /// <inheritdoc/>
    public override int Dimension => Deltas ? 3 * Coefficients : Coefficients;

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) =>
        new BlockFeatures(this, device, Lpcc.ArithmeticVersion, rate => new Lpcc(this, rate, device));

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Order is < 1 or > 200)
            yield return $"Order is {Order}; it must be from 1 to 200.";
        if (Coefficients is < 1 or > 1000)
            yield return $"Coefficients is {Coefficients}; it must be from 1 to 1000.";
    }
}

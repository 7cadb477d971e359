using DeviceId.Foundation;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Settings of <see cref="BandEnergyDifference"/>.</summary>
[OptionsKind("bandEnergyDifference")]
public sealed record BandEnergyDifferenceOptions : FeatureOptions
{
    /// <summary>Number of bands from DC to half the sampling rate, at least 2 and at most a quarter of a frame's samples.</summary>
    public int Bands { get; init; } = 40;

    /// <summary>One column per pair of neighbouring bands.</summary>
    public override int Dimension => Bands - 1;

    /// <inheritdoc/>
    public override IFrameFeatures Create(Device device) => new BandEnergyDifference(this, device);

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Bands < 2)
            yield return $"Bands is {Bands}: it must be at least 2.";
    }
}

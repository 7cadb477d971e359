using DeviceId.Foundation;

namespace DeviceId.Mixtures;

/// <summary>How a background model is trained; the defaults are the MSR Identity Toolbox's as the paper's laboratory calls it.</summary>
public sealed record GmmOptions : Options
{
    /// <summary>Where EM begins.</summary>
    public GmmStart Start { get; init; } = GmmStart.BinarySplitting;

    /// <summary>Seed of k-means; binary splitting draws nothing.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Components of the final mixture: a power of two for binary splitting.</summary>
    public int Components { get; init; } = 64;

    /// <summary>EM iterations at the final size.</summary>
    public int FinalIterations { get; init; } = 10;

    /// <summary>
    /// After each M-step a variance is at least this part of the weighted mean variance of its dimension. At 0 the likelihood never falls.
    /// </summary>
    public double VarianceFloorFactor { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Components is < 1 or > 65536)
            yield return $"Components is {Components}: it lies between 1 and 65536.";
        else if (Start == GmmStart.BinarySplitting && (Components & (Components - 1)) != 0)
            yield return $"Components is {Components}: binary splitting wants a power of two.";
        if (FinalIterations < 1)
            yield return $"FinalIterations is {FinalIterations}: at least 1 is needed.";
        if (!(VarianceFloorFactor is >= 0 and <= 1))
            yield return $"VarianceFloorFactor is {VarianceFloorFactor}: it must lie in [0, 1].";
    }
}

/// <summary>Where EM begins.</summary>
public enum GmmStart
{
    /// <summary>One Gaussian, split in two again and again with EM at every size, as the MSR Identity Toolbox does.</summary>
    BinarySplitting,

    /// <summary>
    /// The clusters of k-means, begun by k-means++ (D. Arthur, S. Vassilvitskii, SODA 2007), with EM at the final size alone.
    /// </summary>
    KMeans,
}

using DeviceId.Foundation;

namespace DeviceId.Mixtures;

/// <summary>
/// Settings of a background model's training; the defaults are the MSR Identity Toolbox's, as the paper's authors call it.
/// </summary>
public sealed record GmmOptions : Options
{
    /// <summary>How the initial mixture for EM is made.</summary>
    public GmmStart Start { get; init; } = GmmStart.BinarySplitting;

    /// <summary>Seed of k-means; binary splitting is not random.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Number of components of the final mixture: a power of two for binary splitting.</summary>
    public int Components { get; init; } = 64;

    /// <summary>EM iterations at the final size.</summary>
    public int FinalIterations { get; init; } = 10;

    /// <summary>
    /// Variance floor after each M-step, as a fraction of the weighted mean variance of the dimension. At 0 the likelihood never falls.
    /// </summary>
    public double VarianceFloorFactor { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (Components is < 1 or > 65536)
            yield return $"Components is {Components}: it must lie between 1 and 65536.";
        else if (Start == GmmStart.BinarySplitting && (Components & (Components - 1)) != 0)
            yield return $"Components is {Components}: binary splitting needs a power of two.";
        if (FinalIterations < 1)
            yield return $"FinalIterations is {FinalIterations}: it must be at least 1.";
        if (!(VarianceFloorFactor is >= 0 and <= 1))
            yield return $"VarianceFloorFactor is {VarianceFloorFactor}: it must lie in [0, 1].";
    }
}

/// <summary>How the initial mixture for EM is made.</summary>
public enum GmmStart
{
    /// <summary>
    /// One Gaussian; all components are split in two repeatedly, with EM at every size, as the MSR Identity Toolbox does.
    /// </summary>
    BinarySplitting,

    /// <summary>
    /// The clusters of k-means, initialised by k-means++ (D. Arthur, S. Vassilvitskii, SODA 2007), with EM at the final size only.
    /// </summary>
    KMeans,
}

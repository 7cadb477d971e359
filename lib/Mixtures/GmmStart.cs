namespace DeviceId.Mixtures;

/// <summary>Where EM begins.</summary>
public enum GmmStart
{
    /// <summary>One Gaussian, split in two again and again with EM at every size, as the MSR Identity Toolbox does.</summary>
    BinarySplitting,

    /// <summary>The clusters of k-means, begun by k-means++ (D. Arthur, S. Vassilvitskii, SODA 2007), with EM at the final size alone.</summary>
    KMeans,
}

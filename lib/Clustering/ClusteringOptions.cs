using DeviceId.Foundation;

namespace DeviceId.Clustering;

/// <summary>Settings of <see cref="RecordingClusters"/>.</summary>
public sealed record ClusteringOptions : Options
{
    /// <summary>What a recording is represented by.</summary>
    public RecordingVectorKind Vectors { get; init; } = RecordingVectorKind.Spectrum;

    /// <summary>The number of phone sessions; null for the one with the largest eigengap, at most half the recordings.</summary>
    public int? Clusters { get; init; }

    /// <summary>Seed of k-means, and of the auto-encoder's weights and batches.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override IEnumerable<string> Problems()
    {
        if (!Enum.IsDefined(Vectors))
            yield return $"Vectors is {(int)Vectors}: it must be one of {string.Join(", ", Enum.GetNames<RecordingVectorKind>())}.";
        if (Clusters < 1)
            yield return $"Clusters is {Clusters}: it must be at least 1, or null to be estimated.";
    }
}

/// <summary>What a recording is represented by. All are fitted to the recordings at hand, without labels.</summary>
public enum RecordingVectorKind
{
    /// <summary>
    /// The mean log energy of 60 mel filters, less its mean over the filters. A constant channel is kept, a gain is lost.
    /// </summary>
    Spectrum,

    /// <summary>
    /// The means of a Gaussian mixture of all recordings, adapted to one, from 30 cepstra of 60 mel filters. A constant channel is kept.
    /// </summary>
    Supervector,

    /// <summary>
    /// The supervector of an auto-encoder's bottleneck features. A constant channel is kept as far as the bottleneck tells it apart.
    /// </summary>
    DeepSupervector,

    /// <summary>
    /// File facts: format, length, level, traces of digital processing. The baseline, which needs no microphone: vectors of the sound
    /// should do better.
    /// </summary>
    FileFacts,
}

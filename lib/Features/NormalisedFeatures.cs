using DeviceId.Audio;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Features of recordings from which properties of the file are removed first (<see cref="RecordingNormalisation"/>).</summary>
/// <param name="features">The features to compute.</param>
/// <param name="normalisation">What is removed.</param>
internal sealed class NormalisedFeatures(IFrameFeatures features, RecordingNormalisation normalisation) : IFrameFeatures
{
    /// <inheritdoc/>
    public int Dimension => features.Dimension;

    /// <inheritdoc/>
    public string Description => $"{features.Description} of recordings {normalisation.Description}";

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips) => Extract(clips, CancellationToken.None);

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken) =>
        features.Extract([.. clips.Select(normalisation.Apply)], cancellationToken);
}

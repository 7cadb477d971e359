using DeviceId.Audio;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>
/// Features of recordings that are brought to one sampling rate first, so that recordings of different rates can be compared.
/// </summary>
/// <param name="features">What is computed at that rate.</param>
/// <param name="sampleRate">The rate (Hz); a recording that has it already is not touched.</param>
internal sealed class FeaturesAtRate(IFrameFeatures features, int sampleRate) : IFrameFeatures
{
    /// <inheritdoc/>
    public int Dimension => features.Dimension;

    /// <inheritdoc/>
    public string Description => FormattableString.Invariant($"{features.Description} of recordings brought to {sampleRate} Hz");

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips) => Extract(clips, CancellationToken.None);

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken) =>
        features.Extract([.. clips.Select(clip => Resampler.Resample(clip, sampleRate, cancellationToken))], cancellationToken);
}

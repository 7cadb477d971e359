using DeviceId.Audio;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>
/// Features of recordings that are first resampled to one rate, so that recordings of different sampling rates can be compared.
/// </summary>
/// <param name="features">The features to compute at that rate.</param>
/// <param name="sampleRate">Sampling rate (Hz); a recording that already has it is not resampled.</param>
internal sealed class FeaturesAtRate(IFrameFeatures features, int sampleRate) : IFrameFeatures
{
    /// <inheritdoc/>
    public int Dimension => features.Dimension;

    /// <inheritdoc/>
    // "filter 2": another resampler than before changes the last bits, so features that were stored then are computed again.
    public string Description => FormattableString.Invariant($"{features.Description} of recordings brought to {sampleRate} Hz, filter 2");

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips) => Extract(clips, CancellationToken.None);

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken) =>
        features.Extract([.. clips.Select(clip => Resampler.Resample(clip, sampleRate, cancellationToken))], cancellationToken);
}

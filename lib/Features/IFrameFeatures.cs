using DeviceId.Audio;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Extracts a feature vector from each frame of a recording.</summary>
public interface IFrameFeatures
{
    /// <summary>Number of columns of the feature matrix.</summary>
    int Dimension { get; }

    /// <summary>
    /// Arithmetic version and settings in one line. Equal descriptions mean equal results; it is the key of a <see cref="FeatureStore"/>.
    /// </summary>
    string Description { get; }

    /// <summary>
    /// Extracts the features of several recordings; lengths and sampling rates may differ. The features of a recording do not depend on
    /// the others.
    /// </summary>
    /// <param name="clips">The recordings.</param>
    /// <returns>For each recording, in order, (frame, column); the caller disposes of them.</returns>
    /// <exception cref="ArgumentException">Samples are NaN or infinite, or a sampling rate is incompatible with the settings.</exception>
    IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips);

    /// <summary>
    /// Extracts features with cancellation. Features that take more than one or two seconds per minute of audio override this method.
    /// </summary>
    /// <param name="clips">The recordings.</param>
    /// <param name="cancellationToken">Checked at least once, before the extraction.</param>
    /// <returns>For each recording, in order, (frame, column); the caller disposes of them.</returns>
    /// <exception cref="ArgumentException">Samples are NaN or infinite, or a sampling rate is incompatible with the settings.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Extract(clips);
    }
}

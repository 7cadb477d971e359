using DeviceId.Audio;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Numbers that describe each frame of a recording.</summary>
public interface IFrameFeatures
{
    /// <summary>Columns of the feature matrix.</summary>
    int Dimension { get; }

    /// <summary>
    /// Arithmetic and settings in one line: the same line, the same numbers. Names the entries of a <see cref="FeatureStore"/>.
    /// </summary>
    string Description { get; }

    /// <summary>
    /// Features of many recordings; lengths and sample rates may differ. A recording's numbers do not depend on the others.
    /// </summary>
    /// <param name="clips">The recordings.</param>
    /// <returns>For each recording, in order, (frame, column); the caller disposes of them.</returns>
    /// <exception cref="ArgumentException">Samples hold NaN or infinity, or a sample rate does not suit the settings.</exception>
    IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips);

    /// <summary>The same, cancellable: features that take more than a second or two for a minute of sound override it.</summary>
    /// <param name="clips">The recordings.</param>
    /// <param name="cancellationToken">Asked before the work begins, at least.</param>
    /// <returns>As above.</returns>
    /// <exception cref="ArgumentException">As above.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Extract(clips);
    }
}

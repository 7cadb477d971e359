using DeviceId.Audio;
using static TorchSharp.torch;

namespace DeviceId.Features;

/// <summary>Concatenates the columns of several features of the same frames.</summary>
/// <param name="parts">The features, from left to right; all must use the same frames.</param>
internal sealed class JoinedFeatures(params IFrameFeatures[] parts) : IFrameFeatures
{
    /// <inheritdoc/>
    public int Dimension => parts.Sum(part => part.Dimension);

    /// <inheritdoc/>
    public string Description => string.Join(" | ", parts.Select(part => part.Description));

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips) => Extract(clips, CancellationToken.None);

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<AudioClip> clips, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var columns = parts.Select(part => part.Extract(clips, cancellationToken)).ToList();
        return [.. Enumerable.Range(0, clips.Count)
            .Select(i => cat(columns.Select(part => part[i]).ToArray(), 1).MoveToOuterDisposeScope())];
    }
}

using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Cuts feature matrices into segments of one length.</summary>
internal static class Segmentation
{
    /// <summary>Segments (sample, frame, coefficient) and the position of the recording that each was cut from.</summary>
    /// <remarks>
    /// Frames left over at the end are dropped. A recording shorter than a window is repeated from its beginning until it fills one, and so
    /// is a window shorter than a segment: the device's trace is in every frame, and zeros would be frames that no device ever made.
    /// A recording without a frame gives no sample.
    /// </remarks>
    /// <param name="features">One matrix (frame, coefficient) for each recording.</param>
    /// <param name="length">Frames in a segment.</param>
    /// <param name="windows">The ways to cut; each is applied to each recording.</param>
    /// <param name="cancellationToken">Asked before each recording's segments are copied.</param>
    public static (Tensor Segments, IReadOnlyList<int> RecordingOf) Cut(
        IReadOnlyList<Tensor> features, int length, IReadOnlyList<SegmentWindow> windows, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        var recordingOf = new List<int>();
        for (var r = 0; r < features.Count; r++)
        {
            if (features[r].shape[0] == 0)
                continue;
            foreach (var window in windows)
            {
                var cut = Filled(features[r], window.Frames, axis: 0).unfold(0, window.Frames, window.HopFrames).transpose(1, 2);
                parts.Add(Filled(cut, length, axis: 1));
                recordingOf.AddRange(Enumerable.Repeat(r, (int)cut.shape[0]));
            }
        }

        var (columns, type) = features.Count > 0 ? (features[0].shape[1], features[0].dtype) : (0, ScalarType.Float32);
        var segments = empty(recordingOf.Count, length, columns, type, CPU);
        var at = 0L;
        foreach (var part in parts)
        {
            // Not one concatenation: at the paper's size it copies gigabytes.
            cancellationToken.ThrowIfCancellationRequested();
            using var copying = segments.narrow(0, at, part.shape[0]);
            copying.copy_(part);
            at += part.shape[0];
        }

        return (segments.MoveToOuterDisposeScope(), recordingOf);
    }

    /// <summary>Repeats along an axis until it has the wanted length; what is long enough stays as it is.</summary>
    private static Tensor Filled(Tensor frames, int length, int axis)
    {
        var have = frames.shape[axis];
        if (have >= length)
            return frames;
        var times = Enumerable.Range(0, (int)frames.dim()).Select(a => a == axis ? (length + have - 1) / have : 1).ToArray();
        return frames.repeat(times).narrow(axis, 0, length);
    }
}

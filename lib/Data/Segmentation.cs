using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Cuts feature matrices into segments of equal length.</summary>
internal static class Segmentation
{
    /// <summary>Segments (sample, frame, coefficient), and for each the index of the recording it was cut from.</summary>
    /// <remarks>
    /// Frames left over at the end are dropped. A recording shorter than a window is repeated from its beginning until it fills one, and so
    /// is a window shorter than a segment: every frame carries the device's trace, while zeros would be frames that no device produces. A
    /// recording without frames gives no sample.
    /// </remarks>
    /// <param name="features">One matrix (frame, coefficient) for each recording.</param>
    /// <param name="length">Frames in a segment.</param>
    /// <param name="windows">The windows; each is applied to each recording.</param>
    /// <param name="cancellationToken">Checked before each recording's segments are copied.</param>
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
                var cut = RepeatToLength(features[r], window.Frames, axis: 0).unfold(0, window.Frames, window.HopFrames).transpose(1, 2);
                parts.Add(RepeatToLength(cut, length, axis: 1));
                recordingOf.AddRange(Enumerable.Repeat(r, (int)cut.shape[0]));
            }
        }

        var (columns, type) = features.Count > 0 ? (features[0].shape[1], features[0].dtype) : (0, ScalarType.Float32);
        var segments = empty(recordingOf.Count, length, columns, type, CPU);
        var start = 0L;
        foreach (var part in parts)
        {
            // Not one concatenation: at the paper's size, that would copy gigabytes.
            cancellationToken.ThrowIfCancellationRequested();
            using var target = segments.narrow(0, start, part.shape[0]);
            target.copy_(part);
            start += part.shape[0];
        }

        return (segments.MoveToOuterDisposeScope(), recordingOf);
    }

    /// <summary>Repeats along an axis up to a length; a long enough tensor is returned unchanged.</summary>
    private static Tensor RepeatToLength(Tensor frames, int length, int axis)
    {
        var available = frames.shape[axis];
        if (available >= length)
            return frames;
        var repeats = Enumerable.Range(0, (int)frames.dim()).Select(a => a == axis ? (length + available - 1) / available : 1).ToArray();
        return frames.repeat(repeats).narrow(axis, 0, length);
    }
}

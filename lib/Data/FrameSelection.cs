using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Which frames of a recording are used.</summary>
public enum FrameSelection
{
    /// <summary>All frames.</summary>
    All,

    /// <summary>Loud frames: c0 is above the midpoint of its 10th and 90th percentile over the recording.</summary>
    Speech,

    /// <summary>Quiet frames: all others.</summary>
    Pauses,
}

/// <summary>Applies a <see cref="FrameSelection"/>.</summary>
internal static class FrameSelections
{
    /// <summary>The selected rows of (frame, coefficient); the first column must be c0.</summary>
    public static Tensor Select(Tensor features, FrameSelection selection)
    {
        if (selection == FrameSelection.All || features.shape[0] == 0)
            return features;
        using var scope = NewDisposeScope();
        var loudness = features.narrow(1, 0, 1).squeeze(1);
        var threshold = loudness.quantile(tensor(new[] { 0.1f, 0.9f }, device: features.device)).mean();
        var loud = loudness.gt(threshold);
        var rows = (selection == FrameSelection.Speech ? loud : loud.logical_not()).nonzero().squeeze(1);
        return features.index_select(0, rows).MoveToOuterDisposeScope();
    }
}

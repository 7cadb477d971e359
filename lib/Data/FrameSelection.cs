using static TorchSharp.torch;

namespace DeviceId.Data;

/// <summary>Which frames of a recording are looked at.</summary>
public enum FrameSelection
{
    /// <summary>All.</summary>
    All,

    /// <summary>The loud ones: c0 above the middle between its 10th and 90th percentile over the recording.</summary>
    Speech,

    /// <summary>The quiet ones: what is left.</summary>
    Pauses,
}

/// <summary>Applies a <see cref="FrameSelection"/>.</summary>
internal static class FrameSelections
{
    /// <summary>The selected rows of (frame, coefficient), the first column being c0.</summary>
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

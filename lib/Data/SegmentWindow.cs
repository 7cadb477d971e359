namespace DeviceId.Data;

/// <summary>One way to cut a recording into segments: a window of some frames, moved by a hop.</summary>
/// <param name="Frames">Frames in the window; a window shorter than a segment is repeated until it fills one.</param>
/// <param name="HopFrames">Frames between the starts of successive windows.</param>
public sealed record SegmentWindow(int Frames, int HopFrames);

namespace DeviceId.Data;

/// <summary>A way to cut segments: a window of some frames, moved on by a hop.</summary>
/// <param name="Frames">Frames in the window; fewer than a segment has, and the window is repeated until it fills one.</param>
/// <param name="HopFrames">Frames from one window's start to the next.</param>
public sealed record SegmentWindow(int Frames, int HopFrames);

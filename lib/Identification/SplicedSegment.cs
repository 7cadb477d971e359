namespace DeviceId.Identification;

/// <summary>A part of a recording that one device made.</summary>
/// <param name="Device">Its name.</param>
/// <param name="From">Where it begins (s).</param>
/// <param name="To">Where it ends (s).</param>
public readonly record struct SplicedSegment(string Device, double From, double To);

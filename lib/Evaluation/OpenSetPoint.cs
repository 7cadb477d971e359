namespace DeviceId.Evaluation;

/// <summary>A threshold and what comes of it.</summary>
/// <param name="Threshold">Scores at or above it are answered with a name.</param>
/// <param name="Identified">Share of recordings of known devices that are named, and rightly.</param>
/// <param name="FalseAlarms">Share of recordings of unknown devices that are named at all.</param>
internal readonly record struct OpenSetPoint(double Threshold, double Identified, double FalseAlarms);

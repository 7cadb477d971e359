namespace DeviceId.Evaluation;

/// <summary>One recording asked of a system that may say "none of these".</summary>
/// <param name="Score">How sure the system is that one of its devices made it; below the threshold it says "none of these".</param>
/// <param name="IsKnown">Whether one of its devices did.</param>
/// <param name="IsRight">Whether the device that it names is the right one; without meaning for unknown devices.</param>
internal readonly record struct OpenSetAnswer(double Score, bool IsKnown, bool IsRight);

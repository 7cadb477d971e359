using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>A degradation that cannot be applied: what it needs is absent, or has failed.</summary>
/// <param name="message">What is missing or wrong, and what to do.</param>
/// <param name="inner">The cause, or null.</param>
internal sealed class DegradationException(string message, Exception? inner = null) : DeviceIdException(message, inner);

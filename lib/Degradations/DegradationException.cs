using DeviceId.Foundation;

namespace DeviceId.Degradations;

/// <summary>Thrown when a degradation cannot be applied because a required program is missing or has failed.</summary>
/// <param name="message">What is missing or wrong, and what to do.</param>
/// <param name="inner">The underlying exception, or null.</param>
internal sealed class DegradationException(string message, Exception? inner = null) : DeviceIdException(message, inner);

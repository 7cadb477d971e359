using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>A corpus or a split of it that cannot be used; the message says what was found and what to do.</summary>
/// <param name="message">One or more sentences.</param>
/// <param name="inner">The cause, or null.</param>
internal sealed class CorpusException(string message, Exception? inner = null) : DeviceIdException(message, inner);

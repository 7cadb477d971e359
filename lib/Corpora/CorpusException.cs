using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Thrown when a corpus or a split of it cannot be used. The message says what is wrong and what to do.</summary>
/// <param name="message">One or more sentences.</param>
/// <param name="inner">The underlying exception, or null.</param>
internal sealed class CorpusException(string message, Exception? inner = null) : DeviceIdException(message, inner);

namespace DeviceId.Foundation;

/// <summary>
/// Base of the errors that a user can fix: recordings, settings or files that cannot be used. The message says what is wrong and what to
/// do.
/// </summary>
/// <param name="message">One or more sentences.</param>
/// <param name="inner">The cause, or null.</param>
public abstract class DeviceIdException(string message, Exception? inner = null) : Exception(message, inner);

namespace DeviceId.Fuzz;

/// <summary>Thrown when a reader misbehaves without throwing an exception itself.</summary>
internal sealed class DefectException(string message) : Exception(message);

namespace DeviceId.Fuzz;

/// <summary>A reader did what it must not do without throwing anything itself.</summary>
internal sealed class DefectException(string message) : Exception(message);

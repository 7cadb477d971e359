namespace DeviceId.Foundation;

/// <summary>
/// For a recorded fact among settings, such as the hash of a custom part's source: it is stored, and is no part of a result's key.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInKeyAttribute : Attribute;

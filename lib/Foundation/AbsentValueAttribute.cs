namespace DeviceId.Foundation;

/// <summary>For a setting that was added after results had been stored: the value that those results were computed with.</summary>
/// <remarks>
/// The setting is left out of JSON while it has this value, so that the keys of older results stay as they are, and a file without it is
/// read as having it. Everything else about the setting may change, its default included; this value never, because it says what old
/// results are.
/// </remarks>
/// <param name="value">A constant: number, text, member of an enumeration, or null.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AbsentValueAttribute(object? value) : Attribute
{
    /// <summary>What older results were computed with.</summary>
    public object? Value { get; } = value;
}

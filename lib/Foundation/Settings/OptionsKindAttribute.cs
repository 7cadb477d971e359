namespace DeviceId.Foundation;

/// <summary>Names a kind of settings in JSON: the value of the object's member <c>kind</c>.</summary>
/// <remarks>
/// Settings with an abstract base (features, networks, classifiers, losses, degradations) are found by this attribute: a new kind is one
/// class with the attribute on it, and nothing else has to register it. The name is part of the keys of stored results: never change it.
/// </remarks>
/// <param name="name">Unique among the settings of one base.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OptionsKindAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}

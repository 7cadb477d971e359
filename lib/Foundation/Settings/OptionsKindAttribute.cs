namespace DeviceId.Foundation;

/// <summary>The word that names a kind of settings in JSON: the member <c>kind</c> of the object.</summary>
/// <remarks>
/// Settings with an abstract base (features, networks, classifiers, losses, degradations) are found by this attribute: a new one is one
/// class with the attribute on it, and nothing else has to know of it. The word is part of the keys of stored results: never change it.
/// </remarks>
/// <param name="name">Unique among the settings of one base.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OptionsKindAttribute(string name) : Attribute
{
    /// <summary>The word.</summary>
    public string Name { get; } = name;
}

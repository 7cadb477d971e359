using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace DeviceId.Foundation;

/// <summary>
/// How settings (<see cref="Options"/>) become JSON: in full, so that a stored result shows every setting it was computed with.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Properties that can be set are settings; computed properties are left out.</item>
/// <item>Every setting is written, null included, and every setting is required when read: today's defaults never replace what is missing
/// in a file.</item>
/// <item>The exception is a setting with an <see cref="AbsentValueAttribute"/>, which is left out while it has that value.</item>
/// <item>An abstract base finds its kinds by their <see cref="OptionsKindAttribute"/>.</item>
/// </list>
/// </remarks>
internal static class SettingsContract
{
    /// <summary>The JSON member that distinguishes the kinds of one base.</summary>
    public const string Discriminator = "kind";

    /// <summary>The contract of stored settings, for use as a modifier of the resolver.</summary>
    public static void Full(JsonTypeInfo type) => Apply(type, forKey: false);

    /// <summary>The same without properties that are not part of a key (<see cref="NotInKeyAttribute"/>).</summary>
    public static void ForKey(JsonTypeInfo type) => Apply(type, forKey: true);

    private static void Apply(JsonTypeInfo type, bool forKey)
    {
        if (type.Kind != JsonTypeInfoKind.Object || !typeof(Options).IsAssignableFrom(type.Type))
            return;
        if (type.Type.IsAbstract)
            type.PolymorphismOptions = KindsOf(type.Type);
        foreach (var computed in type.Properties.Where(property => property.Set is null && property.AssociatedParameter is null).ToList())
            type.Properties.Remove(computed);
        var absent = new List<(JsonPropertyInfo Property, object? Value)>();
        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider is not PropertyInfo declared)
                continue;
            if (declared.GetCustomAttribute<AbsentValueAttribute>() is { } added)
            {
                var value = ValueOf(added, property.PropertyType);
                absent.Add((property, value));
                property.ShouldSerialize = (_, current) => !Equals(current, value);
                continue;
            }

            var inKey = !forKey || declared.GetCustomAttribute<NotInKeyAttribute>() is null;
            property.ShouldSerialize = (_, _) => inKey;
            property.IsRequired = property.Set is not null;
        }

        if (absent.Any(setting => setting.Property.AssociatedParameter is not null || setting.Property.Set is null))
            throw new InvalidOperationException(
                $"{type.Type.Name}: a setting with an AbsentValue must be a property with an init accessor, not a constructor parameter.");
        if (absent.Count > 0)
            type.OnDeserializing = settings => absent.ForEach(setting => setting.Property.Set!(settings, setting.Value));
    }

    /// <summary>
    /// Converts the attribute's constant to the type of the setting: an attribute holds 0 as an int, whatever that type is.
    /// </summary>
    private static object? ValueOf(AbsentValueAttribute attribute, Type type) =>
        attribute.Value is null || type.IsEnum ? attribute.Value
            : Convert.ChangeType(attribute.Value, Nullable.GetUnderlyingType(type) ?? type, CultureInfo.InvariantCulture);

    /// <summary>Kinds in this library and in the loaded assemblies that reference it.</summary>
    private static JsonPolymorphismOptions KindsOf(Type abstractType)
    {
        var library = typeof(SettingsContract).Assembly;
        var options = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = Discriminator };
        var assemblies = AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => assembly == library || assembly.GetReferencedAssemblies().Any(used => used.Name == library.GetName().Name));
        var kinds = assemblies.SelectMany(TypesOf).Where(type => !type.IsAbstract && abstractType.IsAssignableFrom(type))
            .Select(type => (Type: type, type.GetCustomAttribute<OptionsKindAttribute>()?.Name)).Where(kind => kind.Name is not null);
        // If two kinds have the same name, as after a cell was run twice, the first one loaded counts.
        foreach (var kind in kinds.DistinctBy(kind => kind.Name))
            options.DerivedTypes.Add(new JsonDerivedType(kind.Type, kind.Name!));
        return options;
    }

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException error)
        {
            // A program built on the library may lack assemblies that other types of it need.
            return error.Types.OfType<Type>();
        }
    }
}

/// <summary>Marks a setting that was added after results had been stored, with the value that those results were computed with.</summary>
/// <remarks>
/// The setting is left out of the JSON while it has this value, so the keys of older results stay the same, and a file without the setting
/// is read as having it. Everything else about the setting may change, its default included. This value must never change: it describes the
/// old results.
/// </remarks>
/// <param name="value">A constant: a number, a text, an enumeration member, or null.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AbsentValueAttribute(object? value) : Attribute
{
    /// <summary>The value that older results were computed with.</summary>
    public object? Value { get; } = value;
}

/// <summary>
/// Marks a recorded fact among settings, such as the hash of a custom part's source: it is stored, but is not part of a result's key.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInKeyAttribute : Attribute;

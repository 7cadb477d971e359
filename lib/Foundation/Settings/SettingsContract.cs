using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace DeviceId.Foundation;

/// <summary>
/// How settings (<see cref="Options"/>) become JSON: in full, so that a stored result says all that it was computed with.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Settings are what can be set; what is computed from them is left out.</item>
/// <item>Every setting is written, null included, and every setting must be there when it is read: today's defaults never fill in for what
/// a file does not say.</item>
/// <item>The exception is a setting with an <see cref="AbsentValueAttribute"/>, which is left out while it has that value.</item>
/// <item>An abstract base finds its kinds by their <see cref="OptionsKindAttribute"/>.</item>
/// </list>
/// </remarks>
internal static class SettingsContract
{
    /// <summary>The member that tells the kinds of one base apart.</summary>
    public const string Discriminator = "kind";

    /// <summary>The contract of stored settings, for use as a modifier of the resolver.</summary>
    public static void Full(JsonTypeInfo type) => Apply(type, forKey: false);

    /// <summary>The same without what is no part of a key (<see cref="NotInKeyAttribute"/>).</summary>
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
                $"{type.Type.Name}: a setting with an absent value is a property with an init accessor, no parameter.");
        if (absent.Count > 0)
            type.OnDeserializing = settings => absent.ForEach(setting => setting.Property.Set!(settings, setting.Value));
    }

    /// <summary>An attribute holds 0 as an int, whatever the setting's type.</summary>
    private static object? ValueOf(AbsentValueAttribute attribute, Type type) =>
        attribute.Value is null || type.IsEnum ? attribute.Value
            : Convert.ChangeType(attribute.Value, Nullable.GetUnderlyingType(type) ?? type, CultureInfo.InvariantCulture);

    /// <summary>Kinds of this library and of what was loaded on top of it.</summary>
    private static JsonPolymorphismOptions KindsOf(Type abstractType)
    {
        var library = typeof(SettingsContract).Assembly;
        var options = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = Discriminator };
        var assemblies = AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => assembly == library || assembly.GetReferencedAssemblies().Any(used => used.Name == library.GetName().Name));
        var kinds = assemblies.SelectMany(TypesOf).Where(type => !type.IsAbstract && abstractType.IsAssignableFrom(type))
            .Select(type => (Type: type, type.GetCustomAttribute<OptionsKindAttribute>()?.Name)).Where(kind => kind.Name is not null);
        // Of two with one name, such as those of a cell that was run twice, the first loaded counts.
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
        catch (ReflectionTypeLoadException some)
        {
            // A program built on the library may lack what others of its types need.
            return some.Types.OfType<Type>();
        }
    }
}

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

/// <summary>
/// For a recorded fact among settings, such as the hash of a custom part's source: it is stored, and is no part of a result's key.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInKeyAttribute : Attribute;

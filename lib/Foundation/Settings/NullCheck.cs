using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DeviceId.Foundation;

/// <summary>Makes JSON respect nullable annotations: a property or list element without a question mark is never null.</summary>
/// <remarks>
/// Also refuses infinite numbers: 1e999 would be read as infinity, which cannot be written again. Without this check, System.Text.Json
/// gives null where a file says null or omits a constructor parameter, and the error appears later, somewhere else.
/// </remarks>
internal static class NullCheck
{
    /// <summary>Adds the check to a type of this library, for use as a modifier of the resolver.</summary>
    public static void AddTo(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Assembly != typeof(NullCheck).Assembly)
            return;
        var nullability = new NullabilityInfoContext();
        var checks = type.Properties
            .Where(json => json.AttributeProvider is PropertyInfo property && NeedsCheck(property.PropertyType))
            .Select(json => (json.Name, Property: (PropertyInfo)json.AttributeProvider!))
            .Select(check => (check.Name, check.Property, Info: nullability.Create(check.Property))).ToList();
        type.OnDeserialized = value =>
        {
            foreach (var (name, property, info) in checks)
                Check(name, property.GetValue(value), info);
        };
    }

    /// <param name="name">Name of the property in the JSON.</param>
    /// <param name="value">Value of the property, or an element of it.</param>
    /// <param name="info">What the declaration allows.</param>
    /// <exception cref="JsonException">The value is null where the type allows none, or is not finite.</exception>
    private static void Check(string name, object? value, NullabilityInfo info)
    {
        if (value is null && info.ReadState == NullabilityState.NotNull)
            throw new JsonException($"'{name}' is missing or null, or something in it is.");
        if ((value is double number && !double.IsFinite(number)) || (value is float single && !float.IsFinite(single)))
            throw new JsonException($"'{name}' is larger than any number.");
        var element = info.ElementType ?? info.GenericTypeArguments.LastOrDefault();
        if (value is null or string || element is null || !NeedsCheck(element.Type))
            return;
        var items = value is IDictionary dictionary ? dictionary.Values : value as IEnumerable;
        foreach (var item in items ?? Array.Empty<object>())
            Check(name, item, element);
    }

    /// <summary>Whether values of this type can be invalid: integers cannot, and there are many of them.</summary>
    private static bool NeedsCheck(Type type) =>
        !type.IsValueType || type == typeof(double) || type == typeof(float)
        || (Nullable.GetUnderlyingType(type) is { } inner && NeedsCheck(inner));
}

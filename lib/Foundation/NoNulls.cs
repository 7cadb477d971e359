using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DeviceId.Foundation;

/// <summary>Makes JSON keep the promise of our types: what is not marked with a question mark is not null, nor is anything in a list of such.</summary>
/// <remarks>Left to itself System.Text.Json gives null where a file says null or leaves a constructor's parameter out, and the error comes later, somewhere else.</remarks>
internal static class NoNulls
{
    /// <summary>Adds the check to a type of ours, for use as a modifier of the resolver.</summary>
    public static void Refuse(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Assembly != typeof(NoNulls).Assembly)
            return;
        var nullability = new NullabilityInfoContext();
        var checks = type.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0 && type.Properties.Any(known => known.AttributeProvider is PropertyInfo info && info.Name == property.Name))
            .Select(property => (property, Info: nullability.Create(property))).Where(pair => !pair.property.PropertyType.IsValueType).ToList();
        type.OnDeserialized = value =>
        {
            foreach (var (property, info) in checks)
                Check(property.Name, property.GetValue(value), info);
        };
    }

    /// <exception cref="JsonException">A null where the type has none.</exception>
    private static void Check(string name, object? value, NullabilityInfo info)
    {
        if (value is null && info.ReadState == NullabilityState.NotNull)
            throw new JsonException($"'{JsonNamingPolicy.CamelCase.ConvertName(name)}' is missing or null, or something in it is.");
        var element = info.ElementType ?? info.GenericTypeArguments.LastOrDefault();
        if (value is not (not null and not string) || element is null || element.Type.IsValueType)
            return;
        var items = value is IDictionary dictionary ? dictionary.Values : value as IEnumerable;
        foreach (var item in items ?? Array.Empty<object>())
            Check(name, item, element);
    }
}

using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DeviceId.Foundation;

/// <summary>
/// Makes JSON keep the promise of our types: what is not marked with a question mark is not null, nor is anything in a list of such.
/// </summary>
/// <remarks>
/// Numbers are finite, for a larger one than there are (1e999) would be read as infinity, which could not be written again.
/// Left to itself System.Text.Json gives null where a file says null or leaves a constructor's parameter out, and the error comes later,
/// somewhere else.
/// </remarks>
internal static class NullCheck
{
    /// <summary>Adds the check to a type of ours, for use as a modifier of the resolver.</summary>
    public static void AddTo(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Assembly != typeof(NullCheck).Assembly)
            return;
        var nullability = new NullabilityInfoContext();
        var checks = type.Type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0
                && type.Properties.Any(known => known.AttributeProvider is PropertyInfo info && info.Name == property.Name))
            .Where(property => Matters(property.PropertyType)).Select(property => (property, Info: nullability.Create(property))).ToList();
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
        if ((value is double number && !double.IsFinite(number)) || (value is float single && !float.IsFinite(single)))
            throw new JsonException($"'{JsonNamingPolicy.CamelCase.ConvertName(name)}' is larger than any number.");
        var element = info.ElementType ?? info.GenericTypeArguments.LastOrDefault();
        if (value is null or string || element is null || !Matters(element.Type))
            return;
        var items = value is IDictionary dictionary ? dictionary.Values : value as IEnumerable;
        foreach (var item in items ?? Array.Empty<object>())
            Check(name, item, element);
    }

    /// <summary>Integers and the like cannot be wrong, and there are many of them.</summary>
    private static bool Matters(Type type) =>
        !type.IsValueType || type == typeof(double) || type == typeof(float) || Nullable.GetUnderlyingType(type) is { } inner
        && Matters(inner);
}

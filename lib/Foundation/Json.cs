using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DeviceId.Foundation;

/// <summary>The one JSON dialect of the workbench: camel case, enumerations as words, unknown members and unexpected nulls refused.</summary>
public static class Json
{
    private static readonly JsonSerializerOptions Readable = Make(indented: true);
    private static readonly JsonSerializerOptions Compact = Make(indented: false);

    /// <summary>Text for people and files: indented.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Readable);

    /// <summary>Text for hashing: one line, members in the order of declaration.</summary>
    public static string WriteCompact<T>(T value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">Not valid JSON, a member that the type does not know, or a null where it has none.</exception>
    public static T Read<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, Readable) ?? throw new JsonException($"the text holds null, not a {typeof(T).Name}");

    private static JsonSerializerOptions Make(bool indented) => new()
    {
        WriteIndented = indented,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // So that a setting added later, absent by default, leaves the hashes of older settings as they were.
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        // Words alone: a number may name no member at all.
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NoNulls.Refuse } },
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeviceId.Foundation;

/// <summary>The one JSON dialect of the workbench: camel case, enumerations as words, unknown members refused.</summary>
public static class Json
{
    private static readonly JsonSerializerOptions Readable = Make(indented: true);
    private static readonly JsonSerializerOptions Compact = Make(indented: false);

    /// <summary>Text for people and files: indented.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Readable);

    /// <summary>Text for hashing: one line, members in the order of declaration.</summary>
    public static string WriteCompact<T>(T value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">Not valid JSON, or a member that the type does not know.</exception>
    public static T Read<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, Readable) ?? throw new JsonException($"the text holds null, not a {typeof(T).Name}");

    private static JsonSerializerOptions Make(bool indented) => new()
    {
        WriteIndented = indented,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // So that a setting added later, absent by default, leaves the hashes of older settings as they were.
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

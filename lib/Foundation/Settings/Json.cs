using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DeviceId.Foundation;

/// <summary>
/// The one JSON dialect of the workbench: camel case, enumerations as words, unknown members and unexpected nulls refused.
/// </summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Readable = Make(indented: true, SettingsContract.Full);
    private static readonly JsonSerializerOptions Compact = Make(indented: false, SettingsContract.Full);
    private static readonly JsonSerializerOptions Key = Make(indented: false, SettingsContract.ForKey);

    /// <summary>Text for people and files: indented.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Readable);

    /// <summary>The same in one line, members in the order of declaration.</summary>
    public static string WriteCompact<T>(T value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>
    /// Text to hash for a result's key, and to compare settings by: one line, without recorded facts (<see cref="NotInKeyAttribute"/>).
    /// </summary>
    public static string WriteKey<T>(T value) => JsonSerializer.Serialize(value, Key);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">
    /// Not valid JSON, a member that the type does not know, a null where it has none, or settings without their kind.
    /// </exception>
    public static T Read<T>(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Readable) ?? throw new JsonException($"the text holds null, not a {typeof(T).Name}");
        }
        catch (NotSupportedException noKind)
        {
            throw new JsonException(noKind.Message, noKind);
        }
    }

    private static JsonSerializerOptions Make(bool indented, Action<JsonTypeInfo> settings) => new()
    {
        WriteIndented = indented,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowOutOfOrderMetadataProperties = true,
        // Of results; settings are written in full (SettingsContract).
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        // Words alone: a number may name no member at all.
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { settings, NullCheck.AddTo } },
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DeviceId.Foundation;

/// <summary>
/// The JSON conventions of the workbench: camel case, enumerations as words, unknown members and unexpected nulls refused.
/// </summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Readable = Make(indented: true, SettingsContract.Full);
    private static readonly JsonSerializerOptions Compact = Make(indented: false, SettingsContract.Full);
    private static readonly JsonSerializerOptions Key = Make(indented: false, SettingsContract.ForKey);

    /// <summary>Text for people and files: indented.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Readable);

    /// <summary>The same on one line, with members in the order of declaration.</summary>
    public static string WriteCompact<T>(T value) => JsonSerializer.Serialize(value, Compact);

    /// <summary>
    /// Text that is hashed for a result's key, and by which settings are compared: one line, without recorded facts
    /// (<see cref="NotInKeyAttribute"/>).
    /// </summary>
    public static string WriteKey<T>(T value) => JsonSerializer.Serialize(value, Key);

    /// <summary>Reads the JSON of <see cref="Write"/>.</summary>
    /// <exception cref="JsonException">
    /// The JSON is invalid, has a member that the type does not have, a null where none is allowed, or settings without their kind.
    /// </exception>
    public static T Read<T>(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Readable)
                ?? throw new JsonException($"the text holds null, not a {typeof(T).Name}");
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
        // Applies to results; settings are written in full (SettingsContract).
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        // Names only: a number may be no member of the enumeration.
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { settings, NullCheck.AddTo } },
    };
}

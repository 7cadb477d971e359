using System.Text.Json.Nodes;

namespace DeviceId.Notebooks.Format;

/// <summary>Passes the keys of other programs through reading and writing.</summary>
internal static class JsonKeys
{
    /// <summary>A copy of an object without the named keys.</summary>
    public static JsonObject Without(this JsonObject json, IReadOnlyCollection<string> keys) =>
        new(json.Where(p => !keys.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));

    /// <summary>Adds copies of the properties of another object.</summary>
    public static void AddRange(this JsonObject json, JsonObject? others)
    {
        foreach (var (key, value) in others ?? [])
            json.Add(key, value?.DeepClone());
    }
}

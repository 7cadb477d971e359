using System.Text.Json.Nodes;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Parts of one's own in settings: their versions, and the hashes of their sources.</summary>
internal static class CustomParts
{
    private const string Custom = "custom";

    /// <summary>Version and hash of every custom part, in the order of the settings.</summary>
    public static IReadOnlyList<(string Version, string Source)> In(TrialSettings settings)
    {
        var parts = new List<(string, string)>();
        void Walk(JsonNode? node)
        {
            if (node is JsonObject part && part[SettingsContract.Discriminator]?.GetValue<string>() == Custom)
                parts.Add((part["version"]!.GetValue<string>(), part["source"]!.GetValue<string>()));
            var children = node is JsonObject members ? members.Select(member => member.Value) : node as IEnumerable<JsonNode?> ?? [];
            foreach (var child in children)
                Walk(child);
        }

        Walk(JsonNode.Parse(Json.WriteCompact(settings)));
        return parts;
    }

    /// <summary>A sentence for every part whose source is another than when the result was computed, under the same version.</summary>
    /// <param name="asked">The settings that are asked for.</param>
    /// <param name="stored">Those of a stored result: equal but for sources.</param>
    public static IEnumerable<string> Changed(TrialSettings asked, TrialSettings stored) =>
        from pair in In(asked).Zip(In(stored))
        where pair.First.Source != pair.Second.Source
        select $"'{pair.First.Version}' has changed: a stored result of that version was computed from source {pair.Second.Source}, "
            + $"and its source is {pair.First.Source} now. The stored result is shown; raise the version to compute it anew.";
}

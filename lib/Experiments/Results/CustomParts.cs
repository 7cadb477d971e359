using System.Text.Json.Nodes;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>User-defined parts of settings: their versions, and the hashes of their sources.</summary>
internal static class CustomParts
{
    private const string Custom = "custom";

    /// <summary>Version and source hash of every custom part, in the order of the settings.</summary>
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

    /// <summary>A sentence for every custom part whose source, but not its version, has changed since the result was computed.</summary>
    /// <param name="requested">The requested settings.</param>
    /// <param name="stored">The settings of a stored result, equal except for the sources.</param>
    public static IEnumerable<string> Changed(TrialSettings requested, TrialSettings stored) =>
        from pair in In(requested).Zip(In(stored))
        where pair.First.Source != pair.Second.Source
        select $"'{pair.First.Version}' has changed: the stored result was computed from source {pair.Second.Source}, and the source is "
            + $"{pair.First.Source} now. The stored result is shown; raise the version to compute a new one.";
}

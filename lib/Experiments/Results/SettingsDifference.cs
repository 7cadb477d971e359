using System.Text.Json.Nodes;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>In what two settings differ, as a reader would say it: "network.backEndLayers 0", "with logMel", "classifier gsvSvm".</summary>
internal static class SettingsDifference
{
    /// <summary>Parts of a setting's path that a reader can do without.</summary>
    private static readonly string[] Understood = ["classifier.", "frontEnd.", "features."];

    /// <summary>
    /// Every value of <paramref name="other"/> that is not that of <paramref name="reference"/>; empty where nothing differs.
    /// </summary>
    /// <param name="reference">What is compared with.</param>
    /// <param name="other">What is described.</param>
    public static string Describe(TrialSettings reference, TrialSettings other) =>
        string.Join(", ", Compare("", JsonNode.Parse(Json.WriteKey(reference)), JsonNode.Parse(Json.WriteKey(other))));

    private static IEnumerable<string> Compare(string path, JsonNode? before, JsonNode? after)
    {
        if (before is JsonObject one && after is JsonObject two)
            return KindOf(one) != KindOf(two) ? [$"{Shown(path)} {KindOf(two)}"]
                : two.Select(member => member.Key).Union(one.Select(member => member.Key))
                    .SelectMany(name => Compare(path.Length == 0 ? name : $"{path}.{name}", one[name], two[name]));
        if (before is JsonArray some && after is JsonArray others && some.Concat(others).All(item => KindOf(item) is not null))
            return CompareKinds(path, some, others);
        return JsonNode.DeepEquals(before, after) ? [] : [$"{Shown(path)} {after?.ToJsonString().Trim('"') ?? "none"}"];
    }

    /// <summary>Features and the like are known by their kind, wherever they stand in the list.</summary>
    private static IEnumerable<string> CompareKinds(string path, JsonArray before, JsonArray after)
    {
        foreach (var item in after)
        {
            if (before.FirstOrDefault(old => KindOf(old) == KindOf(item)) is { } old)
                foreach (var difference in Compare($"{path}.{KindOf(item)}", old, item))
                    yield return difference;
            else
                yield return $"with {KindOf(item)}";
        }

        foreach (var gone in before.Where(old => after.All(item => KindOf(item) != KindOf(old))))
            yield return $"without {KindOf(gone)}";
    }

    private static string? KindOf(JsonNode? node) =>
        node is JsonObject members && members.TryGetPropertyValue(SettingsContract.Discriminator, out var kind)
            ? kind!.GetValue<string>() : null;

    private static string Shown(string path) =>
        Understood.Aggregate(path, (shown, part) => shown.Replace(part, "", StringComparison.Ordinal));
}

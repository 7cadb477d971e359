using System.Text.Json.Nodes;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>Describes how two settings differ: "network.backEndLayers 0", "with logMel", "classifier gsvSvm".</summary>
internal static class SettingsDifference
{
    private const string Candidates = "candidates";

    /// <summary>Parts of a setting's path that are left out of the description.</summary>
    private static readonly string[] OmittedPrefixes = ["classifier.", "frontEnd.", "features."];

    /// <summary>
    /// Every value of <paramref name="other"/> that differs from that of <paramref name="reference"/>; empty if none does.
    /// </summary>
    /// <param name="reference">The settings to compare with.</param>
    /// <param name="other">The settings to describe.</param>
    public static string Describe(TrialSettings reference, TrialSettings other) =>
        string.Join(", ", Compare("", JsonNode.Parse(Json.WriteKey(reference)), JsonNode.Parse(Json.WriteKey(other))));

    private static IEnumerable<string> Compare(string path, JsonNode? reference, JsonNode? other)
    {
        if (reference is JsonObject referenceObject && other is JsonObject otherObject)
            return KindOf(referenceObject) != KindOf(otherObject) ? [$"{Shorten(path)} {KindOf(otherObject)}"]
                : otherObject.Select(member => member.Key).Union(referenceObject.Select(member => member.Key))
                    .SelectMany(name => Compare(path.Length == 0 ? name : $"{path}.{name}", referenceObject[name], otherObject[name]));
        if (path == Candidates)
            return other is JsonArray { Count: var count } ? [$"best of {count} settings"] : ["no search"];
        if (reference is JsonArray referenceItems && other is JsonArray otherItems
            && referenceItems.Concat(otherItems).All(item => KindOf(item) is not null))
            return CompareKinds(path, referenceItems, otherItems);
        return JsonNode.DeepEquals(reference, other) ? [] : [$"{Shorten(path)} {other?.ToJsonString().Trim('"') ?? "none"}"];
    }

    /// <summary>Compares lists of polymorphic options, such as features: items are matched by their kind, not by their position.</summary>
    private static IEnumerable<string> CompareKinds(string path, JsonArray reference, JsonArray other)
    {
        foreach (var item in other)
        {
            if (reference.FirstOrDefault(old => KindOf(old) == KindOf(item)) is { } old)
                foreach (var difference in Compare($"{path}.{KindOf(item)}", old, item))
                    yield return difference;
            else
                yield return $"with {KindOf(item)}";
        }

        foreach (var removed in reference.Where(old => other.All(item => KindOf(item) != KindOf(old))))
            yield return $"without {KindOf(removed)}";
    }

    private static string? KindOf(JsonNode? node) =>
        node is JsonObject members && members.TryGetPropertyValue(SettingsContract.Discriminator, out var kind)
            ? kind!.GetValue<string>() : null;

    private static string Shorten(string path) =>
        OmittedPrefixes.Aggregate(path, (shown, part) => shown.Replace(part, "", StringComparison.Ordinal));
}
